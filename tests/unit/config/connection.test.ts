import { expect, it } from 'vitest';
import { parseConnectionUrl } from '../../../src/config/connection.ts';

it("takes Airbyte's URL apart", () => {
  expect(parseConnectionUrl('airbyte://frankfurt.iomete.com/123/main')).toEqual({
    host: 'frankfurt.iomete.com',
    workspace_id: '123',
    lakehouse: 'main',
  });
  expect(parseConnectionUrl('airbyte://h:8443/123/main/')).toEqual({
    host: 'h',
    port: 8443,
    workspace_id: '123',
    lakehouse: 'main',
  });
});

it.each(['https://h/123/main', 'airbyte://h/123', 'airbyte://user@h/123/main', 'x airbyte://h/123/main', ''])(
  'takes nothing from %j',
  (text) => {
    expect(parseConnectionUrl(text)).toBeUndefined();
  },
);
