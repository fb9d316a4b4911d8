import { describe, expect, it } from 'vitest';
import { connectionError } from '../../../../src/destinations/iomete/connection-errors.ts';
import { connectionPath } from '../../../../src/destinations/iomete/connection-path.ts';

describe('an address that is not found', () => {
  const found = (path: Parameters<typeof connectionPath>[0]) =>
    connectionError({ statusCode: 404 }, { host: 'h', port: 443, httpPath: connectionPath(path) });

  it.each([{ lakehouse: 'main' }, { workspace_id: 'abcde-123', lakehouse: 'main' }])(
    'may lack the data plane: %j',
    (path) => {
      const { code, message } = found(path);
      expect(code).toBe('DESTINATION_NOT_FOUND');
      expect(message).toBe(
        `https://h:443${connectionPath(path)} is not a lakehouse (HTTP 404): "data_plane" is not set, and today's iomete needs it`,
      );
    },
  );

  it.each([{ data_plane: 'prod', lakehouse: 'main' }, { http_path: '/my/own' }])(
    'is told as it is where the path does not lack the data plane: %j',
    (path) => {
      expect(found(path).message).toBe(`https://h:443${connectionPath(path)} is not a lakehouse (HTTP 404)`);
    },
  );
});
