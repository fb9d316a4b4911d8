// The `bookmarks` of a STATE's value, as bytes: what a tap wrote of a stream is moved into another value, never read.

import { OPEN_BRACE } from '../../json/ascii.ts';
import { type Member, membersOf } from '../../json/json-bytes.ts';
import type { Bookmark, Bookmarks } from '../front-end.ts';

const MEMBER = 'bookmarks';

export const bookmarks: Bookmarks = {
  of: (payload) => {
    const found = new Map<string, Bookmark>();
    for (const [stream, { start, end }] of find(payload)?.members ?? [])
      found.set(stream, { value: payload.subarray(start, end) });
    return found;
  },
  replace: (payload, newer) => {
    const found = find(payload);
    if (!found || newer.size === 0) return payload;
    const parts: Uint8Array[] = [];
    let from = 0;
    const added = new Map(newer);
    for (const [stream, { start, end }] of found.members) {
      const bookmark = newer.get(stream);
      if (!bookmark) continue;
      parts.push(payload.subarray(from, start), bookmark.value);
      from = end;
      added.delete(stream);
    }
    const last = found.end - 1;
    parts.push(payload.subarray(from, last));
    let isFirst = found.members.size === 0;
    for (const [stream, { value }] of added) {
      parts.push(Buffer.from(`${isFirst ? '' : ','}${JSON.stringify(stream)}:`), value);
      isFirst = false;
    }
    parts.push(payload.subarray(last));
    return Buffer.concat(parts);
  },
};

/**
 * The members of the value's `bookmarks`, in their order, and the offset after the object. Undefined for a value without
 * such an object, and where a key comes twice: which of the two a tap means nobody knows.
 */
function find(payload: Buffer): { members: ReadonlyMap<string, Member>; end: number } | undefined {
  if (payload[0] !== OPEN_BRACE) return undefined;
  const value = membersOf(payload, 0);
  const member = value.members.get(MEMBER);
  if (!member || value.repeated.includes(MEMBER) || payload[member.start] !== OPEN_BRACE) return undefined;
  const { members, repeated, end } = membersOf(payload, member.start);
  return repeated.length > 0 ? undefined : { members, end };
}
