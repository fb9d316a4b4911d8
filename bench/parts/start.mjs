// How long the command takes to answer when there is nothing to load; Node.js itself beside it.
import { sideOf } from '../compare.mjs';
import { takeTurns } from '../measure.mjs';
import { TARGET } from '../peers/ours.mjs';
import { writeConfig } from '../peers/write-config.mjs';

const CONFIG_INVALID = 2;

/** @param {import('../plans.mjs').Plan} plan @yields {import('../compare.mjs').Row} */
export async function* start({ starts }) {
  const task = (name, command, code = 0) => ({ name, rows: 1, input: '/dev/null', command, code });
  const node = task('node -e 0', () => [process.execPath, '-e', '0']);
  const answers = [
    task('--version', () => [process.execPath, TARGET, '--version']),
    task('--help', () => [process.execPath, TARGET, '--help']),
    task(
      'an invalid configuration',
      async (folder) => [process.execPath, TARGET, '--config', await writeConfig(folder, { hots: 'example' })],
      CONFIG_INVALID,
    ),
  ];
  const [bare, ...usages] = await takeTurns([node, ...answers], starts);
  for (const [index, answer] of answers.entries()) {
    const ours = sideOf(answer, usages[index]);
    yield {
      id: `start-${index}`,
      what: `start: ${answer.name}`,
      value: ours.wall * 1000,
      unit: 'ms',
      goal: { most: 100 },
      ours,
      theirs: sideOf(node, bare),
    };
  }
}
