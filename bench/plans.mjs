// How much of everything is measured: `whole` is what the goals speak of, `quick` takes three minutes on an idle machine.
// Where one side is slow, `quick` gives it fewer rows, so that both run for about as long and start-up weighs alike.

export const PLANS = {
  whole: {
    rounds: 3,
    orders: { ours: 1_000_000, reference: 1_000_000 },
    loaders: { ours: 100_000, theirs: 100_000 },
    limits: 1_000_000,
    shapes: {
      wide: { ours: 100_000, theirs: 100_000 },
      multi: { ours: 500_000, theirs: 500_000 },
      big: { ours: 10_000, theirs: 10_000 },
    },
    validate: { ours: 1_000_000, theirs: 100_000 },
    memory: { orders: [1_000_000, 4_000_000], columns: 20_000, fields: 40 },
    starts: 15,
    load: { ours: 1_000_000, theirs: 1_000_000 },
    lakehouse: { ours: 1_000_000, theirs: 1_000_000, ourRounds: 3, theirRounds: 1, limitRounds: 3 },
    growth: [1_000_000, 2_000_000, 9_000_000, 10_000_000],
    slow: 100_000,
    profile: 1_000_000,
  },
  quick: {
    rounds: 3,
    orders: { ours: 1_000_000, reference: 20_000 },
    loaders: { ours: 200_000, theirs: 20_000 },
    limits: 1_000_000,
    shapes: {
      wide: { ours: 20_000, theirs: 2_000 },
      multi: { ours: 200_000, theirs: 20_000 },
      big: { ours: 2_000, theirs: 400 },
    },
    validate: { ours: 100_000, theirs: 10_000 },
    memory: { orders: [250_000, 1_000_000], columns: 10_000, fields: 10 },
    starts: 7,
    load: { ours: 1_000_000, theirs: 200_000 },
    lakehouse: { ours: 1_000_000, theirs: 100_000, ourRounds: 3, theirRounds: 1, limitRounds: 1 },
    growth: undefined,
    slow: 20_000,
    profile: 500_000,
  },
};

/** @typedef {typeof PLANS.whole | typeof PLANS.quick} Plan */
