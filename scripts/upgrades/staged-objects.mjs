// A prefix of the lakehouse's bucket → every object that was ever seen below it, and the uploads that are not finished.
import { S3 } from '@aws-sdk/client-s3';

/** @param {string} prefix ends with a slash; keys come without it */
export function stagedObjects({ s3: { bucket: Bucket, endpoint, region, ...credentials } }, prefix) {
  const s3 = new S3({ endpoint, region, credentials, forcePathStyle: true });
  /** @type {Map<string, Buffer>} */
  const seen = new Map();
  const without = (key) => key.slice(prefix.length);
  const listedUploads = async () => (await s3.listMultipartUploads({ Bucket, Prefix: prefix })).Uploads ?? [];
  return {
    seen,
    /** Keeps what is new, before a run removes it. @returns what is there now */
    look: async () => {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket, Prefix: prefix });
      for (const { Key } of Contents.filter(({ Key }) => !seen.has(without(Key)))) {
        const { Body } = await s3.getObject({ Bucket, Key });
        seen.set(without(Key), Buffer.from(await Body.transformToByteArray()));
      }
      return Contents.map(({ Key }) => without(Key)).sort();
    },
    uploads: async () => (await listedUploads()).map(({ Key }) => without(Key)),
    close: async () => {
      for (const { Key, UploadId } of await listedUploads()) await s3.abortMultipartUpload({ Bucket, Key, UploadId });
      s3.destroy();
    },
  };
}
