// Frequencies of symbols → Huffman codes of limited length, as RFC 1951 (3.2.2) numbers them.

/** The largest alphabet: literals and lengths. */
const MAX_SYMBOLS: u32 = 288;
const MAX_BITS: u32 = 15;

/** The symbols in use, the rarest first: frequency << 9 | symbol. */
const sorted: u32 = memory.data(MAX_SYMBOLS * 4, 4) as u32;
/** Leaves in the order of `sorted`, then the inner nodes in the order of their making: u32 each. */
const weights: u32 = memory.data(MAX_SYMBOLS * 8, 4) as u32;
const parents: u32 = memory.data(MAX_SYMBOLS * 8, 4) as u32;
/** How many codes there are of each length, then the next code of each. */
const counts: u32 = memory.data((MAX_SYMBOLS + 1) * 4, 4) as u32;

/** A code as it is sent, its length in the top byte. */
export function codeBits(code: u32): u64 {
  return (code & 0xffffff) as u64;
}

export function codeLength(code: u32): u32 {
  return code >> 24;
}

/**
 * @param frequencies u32 for each symbol, below 2^23
 * @param maxBits longest code
 * @param lengths u8 for each symbol: the length of its code, 0 for one that is not in use
 * @param codes u32 for each symbol: see `codeBits` and `codeLength`
 */
export function buildCodes(frequencies: u32, symbols: u32, maxBits: u32, lengths: u32, codes: u32): void {
  memory.fill(lengths, 0, symbols);
  const used = sortSymbols(frequencies, symbols);
  if (used === 1) store<u8>(lengths + (load<u32>(sorted) & 511), 1);
  if (used > 1) {
    buildTree(used);
    countLengths(used, maxBits);
    limitLengths(maxBits);
    assignLengths(maxBits, lengths);
  }
  numberCodes(symbols, lengths, codes);
}

function sortSymbols(frequencies: u32, symbols: u32): u32 {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const frequency = load<u32>(frequencies + symbol * 4);
    if (frequency !== 0) set(sorted, used++, (frequency << 9) | symbol);
  }
  // Shell's sort, with gaps of Ciura's
  for (let gap: u32 = 132; gap !== 0; gap = gap === 1 ? 0 : gap === 4 ? 1 : (gap * 7) >> 4) {
    for (let i = gap; i < used; i++) {
      const moved = get(sorted, i);
      let j = i;
      for (; j >= gap && get(sorted, j - gap) > moved; j -= gap) set(sorted, j, get(sorted, j - gap));
      set(sorted, j, moved);
    }
  }
  return used;
}

/** Joins the two lightest nodes until one is left: leaves and inner nodes are two queues, both in order of weight. */
function buildTree(used: u32): void {
  for (let i: u32 = 0; i < used; i++) set(weights, i, get(sorted, i) >> 9);
  let leaf: u32 = 0;
  let inner = used;
  for (let made = used; made < used * 2 - 1; made++) {
    let weight: u32 = 0;
    for (let child: u32 = 0; child < 2; child++) {
      const takesLeaf = leaf < used && (inner === made || get(weights, leaf) <= get(weights, inner));
      const node = takesLeaf ? leaf++ : inner++;
      weight += get(weights, node);
      set(parents, node, made);
    }
    set(weights, made, weight);
  }
}

/** A node's depth takes the place of its weight. Codes that are too long count as longest ones. */
function countLengths(used: u32, maxBits: u32): void {
  memory.fill(counts, 0, (MAX_BITS + 1) * 4);
  const root = used * 2 - 2;
  set(weights, root, 0);
  for (let i: i32 = root - 1; i >= 0; i--) {
    const depth = get(weights, get(parents, i)) + 1;
    set(weights, i, depth);
    if ((i as u32) < used) add(counts, min(depth, maxBits), 1);
  }
}

/** Where long codes were cut there are more than fit: as often as needed, a shorter code becomes two that are one longer. */
function limitLengths(maxBits: u32): void {
  let total: u32 = 0;
  for (let bits = maxBits; bits !== 0; bits--) total += get(counts, bits) << (maxBits - bits);
  for (; total > (1 as u32) << maxBits; total--) {
    let bits = maxBits - 1;
    while (get(counts, bits) === 0) bits--;
    add(counts, maxBits, -1);
    add(counts, bits, -1);
    add(counts, bits + 1, 2);
  }
}

function assignLengths(maxBits: u32, lengths: u32): void {
  let next: u32 = 0;
  for (let bits = maxBits; bits !== 0; bits--) {
    for (let left = get(counts, bits); left !== 0; left--) store<u8>(lengths + (get(sorted, next++) & 511), bits as u8);
  }
}

function numberCodes(symbols: u32, lengths: u32, codes: u32): void {
  memory.fill(counts, 0, (MAX_BITS + 1) * 4);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) add(counts, load<u8>(lengths + symbol), 1);
  set(counts, 0, 0);
  let code: u32 = 0;
  for (let bits: u32 = 1; bits <= MAX_BITS; bits++) {
    const count = get(counts, bits);
    code <<= 1;
    set(counts, bits, code);
    code += count;
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const bits: u32 = load<u8>(lengths + symbol);
    if (bits === 0) {
      set(codes, symbol, 0);
      continue;
    }
    const next = get(counts, bits);
    set(counts, bits, next + 1);
    set(codes, symbol, reversed(next, bits) | (bits << 24));
  }
}

function reversed(code: u32, bits: u32): u32 {
  let reverse: u32 = 0;
  for (; bits !== 0; bits--, code >>= 1) reverse = (reverse << 1) | (code & 1);
  return reverse;
}

function get(array: u32, index: u32): u32 {
  return load<u32>(array + index * 4);
}

function set(array: u32, index: u32, value: u32): void {
  store<u32>(array + index * 4, value);
}

function add(array: u32, index: u32, value: i32): void {
  set(array, index, get(array, index) + value);
}
