import { expect, it } from 'vitest';
import { DeadLetterLimit } from '../../../src/pipeline/dead-letter-limit.ts';
import { deadLettersAt } from './parts.ts';

it('records up to the limit may be set aside, over all streams', () => {
  const limit = new DeadLetterLimit(3);
  limit.add('a', deadLettersAt(10, 20));
  limit.add('b', deadLettersAt(30));
  expect(limit.excess).toBeUndefined();
});

it('the first record beyond the limit ends the run, and is the one that is named', () => {
  const limit = new DeadLetterLimit(3);
  limit.add('a', deadLettersAt(10));
  limit.add('b', deadLettersAt(20, 30, 40, 50));
  limit.add('c', deadLettersAt(60));
  expect(limit.excess?.offset).toBe(40);
  expect(limit.excess?.error).toMatchObject({
    code: 'TOO_MANY_DEAD_LETTERS',
    message: 'more than 3 records had to be set aside',
    context: { stream: 'b' },
  });
});

it('none may be set aside where the limit is 0, and any number where there is no limit', () => {
  const none = new DeadLetterLimit(0);
  none.add('a', deadLettersAt(10));
  expect(none.excess?.offset).toBe(10);
  const any = new DeadLetterLimit(undefined);
  any.add('a', deadLettersAt(...Array.from({ length: 1000 }, (_, offset) => offset)));
  expect(any.excess).toBeUndefined();
});
