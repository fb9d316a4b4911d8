import { describe, expect, it } from 'vitest';
import { connectionPath } from '../../../../src/destinations/iomete/connection-path.ts';

describe('the path of a lakehouse', () => {
  it.each([
    [{ lakehouse: 'main' }, '/lakehouse/main'],
    [{ lakehouse: 'main', workspace_id: 'abcde-123' }, '/lakehouse/abcde-123/main'],
    [{ lakehouse: 'main', workspace_id: 'abcde-123', data_plane: 'eu' }, '/data-plane/eu/lakehouse/main'],
    [{ lakehouse: 'main', workspace_id: 'abcde-123', data_plane: 'eu', http_path: '/own/path' }, '/own/path'],
    [{ http_path: 'own/path?x=1' }, '/own/path?x=1'],
    [{ lakehouse: 'a b/c' }, '/lakehouse/a%20b%2Fc'],
  ])('of %j is %s', (options, path) => {
    expect(connectionPath(options)).toBe(path);
  });
});
