// The S3 stage of a run → a proof for each right that runs and `clean` need there.
import { randomBytes } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';
import { type S3ConnectionSettings, s3Client } from '../aws/s3-client.ts';
import { s3Error } from '../aws/s3-errors.ts';
import { objectProperties, type UploadSettings } from '../aws/s3-upload.ts';
import { Secrets } from '../errors/secrets.ts';
import { keyPrefix } from './file-names.ts';

export interface S3ProofSettings extends S3ConnectionSettings, UploadSettings {
  readonly bucket: string;
  readonly keyPrefix?: string | undefined;
}

export interface S3Proof {
  readonly what: string;
  prove(): Promise<void>;
  undo?(): Promise<void>;
}

/** In their order: later proofs need the object that an earlier one has made. The last one removes the object. */
export function s3Proofs(settings: S3ProofSettings, warn: (message: string) => void): readonly S3Proof[] {
  const { bucket } = settings;
  const prefix = keyPrefix(settings.keyPrefix);
  const object = { Bucket: bucket, Key: `${prefix}check-${randomBytes(6).toString('hex')}` };
  const { secrets = new Secrets() } = settings;
  const place = { bucket, prefix, endpointUrl: settings.endpointUrl, secrets };
  let client: Promise<S3> | undefined;
  const proof = (what: string, use: (s3: S3) => Promise<unknown>): S3Proof => ({
    what,
    prove: async () => {
      try {
        client ??= s3Client(settings, warn, secrets);
        await use(await client);
      } catch (error) {
        throw s3Error(error, place);
      }
    },
  });
  return [
    proof('find AWS credentials', (s3) => s3.config.credentials()),
    {
      ...proof('write to the stage', (s3) => s3.putObject({ ...object, ...objectProperties(settings), Body: 'check' })),
      undo: async () => {
        // where there is no client, the first step has failed by then
        const s3 = await client?.catch(() => undefined);
        await s3?.deleteObject(object).catch(() => {});
        s3?.destroy();
      },
    },
    proof('list the stage', (s3) => s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 })),
    proof('read from the stage', async (s3) => (await s3.getObject(object)).Body?.transformToString()),
    proof('delete from the stage', (s3) => s3.deleteObject(object)),
  ];
}
