// Chunks of bytes → one S3 object: a single put when it is small, a multipart upload when it is not, nothing at all when it is aborted.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CompletedPart, ObjectCannedACL, PutObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import { TargetError } from '../errors/target-error.ts';
import type { PartBuffer, PartBuffers } from '../memory/part-buffer.ts';
import { type S3Place, s3Error, s3ErrorName, s3Reason } from './s3-errors.ts';

/** An object that is complete. */
export interface WrittenObject {
  /** As the destination addresses it: `s3a://bucket/key`. */
  readonly location: string;
  readonly key: string;
  readonly bytes: number;
}

/** What an object has besides its bytes; parts of a multipart upload get it from their upload. */
export type ObjectProperties = Pick<PutObjectCommandInput, 'ACL' | 'ServerSideEncryption' | 'SSEKMSKeyId'>;

/** What every upload of a run asks S3 for. */
export interface UploadSettings {
  /** A canned ACL, such as `bucket-owner-full-control`. */
  readonly acl?: string | undefined;
  /** How S3 encrypts the objects; the bucket's default when not set. */
  readonly sse?: 'AES256' | 'aws:kms' | undefined;
  /** Of the key in KMS, for `aws:kms`. */
  readonly kmsKeyId?: string | undefined;
}

export const objectProperties = ({ acl, sse, kmsKeyId }: UploadSettings): ObjectProperties => ({
  ...(acl && { ACL: acl as ObjectCannedACL }),
  ...(sse && { ServerSideEncryption: sse }),
  ...(kmsKeyId && { SSEKMSKeyId: kmsKeyId }),
});

export interface S3UploadTarget extends S3Place {
  readonly key: string;
  /** As the destination addresses it. */
  readonly location: string;
  readonly properties?: ObjectProperties | undefined;
  connect(): Promise<S3>;
  warn(message: string): void;
  /** Runs a request when not too many others are under way. */
  inTurn<T>(request: () => Promise<T>): Promise<T>;
  /** Called once, when the object is there (its file) or when it never will be (undefined). */
  ended(file: WrittenObject | undefined): void;
  /** Of `partBytes`. */
  readonly buffers: PartBuffers;
}

/** Equal parts, as R2 demands; with one in flight and one coalescing, an upload holds two of them at most. */
export const partBytes = 8 * 1024 * 1024;
const cleanupTimeoutMs = 30_000;

export class S3Upload {
  private readonly target: S3UploadTarget;
  private readonly cancel = new AbortController();
  private gathered: PartBuffer | undefined;
  private inFlight: PartBuffer | undefined;
  private totalBytes = 0;
  private upload: Promise<string> | undefined;
  private partInFlight: Promise<void> = Promise.resolve();
  private readonly parts: CompletedPart[] = [];
  /** From here on the object may exist, whatever answer comes or doesn't. */
  private publishing = false;
  private closed: WrittenObject | undefined;
  private dropped: Promise<void> | undefined;

  constructor(target: S3UploadTarget) {
    this.target = target;
  }

  get bufferedBytes(): number {
    return (this.gathered?.length ?? 0) + (this.inFlight?.length ?? 0);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.requireOpen();
    this.totalBytes += bytes.length;
    await this.orAbort(async () => {
      for (let rest = bytes; rest.length > 0; ) {
        // A full part waits for more bytes: the last part, sent by close(), is never empty.
        if (this.gathered?.isFull) await this.startPart();
        this.gathered ??= this.target.buffers.take();
        rest = rest.subarray(this.gathered.append(rest));
      }
    });
  }

  async close(): Promise<WrittenObject> {
    this.requireOpen();
    await this.orAbort(() => (this.upload ? this.completeParts() : this.put()));
    const { key, location } = this.target;
    this.closed = { key, location, bytes: this.totalBytes };
    this.target.ended(this.closed);
    return this.closed;
  }

  async abort(): Promise<void> {
    if (this.closed) return;
    this.dropped ??= this.drop();
    await this.dropped;
  }

  private async put(): Promise<void> {
    const s3 = await this.target.connect();
    const body = this.gathered?.bytes ?? new Uint8Array(0);
    this.publishing = true;
    await this.target.inTurn(() =>
      s3.putObject({ ...this.object(), ...this.target.properties, Body: body }, { abortSignal: this.cancel.signal }),
    );
    if (this.gathered) this.target.buffers.giveBack(this.gathered);
    this.gathered = undefined;
  }

  /** Waits for the part before it, so that memory stays flat; a part's own failure is met by whoever waits for it next. */
  private async startPart(): Promise<void> {
    await this.partInFlight;
    this.requireOpen();
    this.inFlight = this.gathered!;
    this.gathered = undefined;
    this.partInFlight = this.sendPart(this.inFlight);
    this.partInFlight.catch(() => {});
  }

  private async sendPart(part: PartBuffer): Promise<void> {
    this.upload ??= this.createUpload();
    const UploadId = await this.upload;
    const s3 = await this.target.connect();
    const PartNumber = this.parts.length + 1;
    const { ETag } = await this.target.inTurn(() =>
      s3.uploadPart({ ...this.object(), UploadId, PartNumber, Body: part.bytes }, { abortSignal: this.cancel.signal }),
    );
    this.parts.push({ PartNumber, ETag });
    this.target.buffers.giveBack(part);
    this.inFlight = undefined;
  }

  /** Never cancelled: an upload whose id is not known can't be removed, and is paid for until it is. */
  private async createUpload(): Promise<string> {
    const s3 = await this.target.connect();
    const { UploadId } = await this.target.inTurn(() =>
      s3.createMultipartUpload({ ...this.object(), ...this.target.properties }),
    );
    if (!UploadId) throw new TargetError('STAGE_FAILED', `S3 began the upload of "${this.target.key}" without an id`);
    return UploadId;
  }

  private async completeParts(): Promise<void> {
    await this.startPart();
    await this.partInFlight;
    const s3 = await this.target.connect();
    const UploadId = await this.upload;
    this.publishing = true;
    try {
      await this.target.inTurn(() =>
        s3.completeMultipartUpload(
          { ...this.object(), UploadId, MultipartUpload: { Parts: this.parts } },
          { abortSignal: this.cancel.signal },
        ),
      );
    } catch (error) {
      if (s3ErrorName(error) !== 'NoSuchUpload' || !(await this.isComplete(s3))) throw error;
    }
  }

  /** When the answer of the first attempt was lost, the second finds no upload but the whole object. */
  private async isComplete(s3: S3): Promise<boolean> {
    const found = await s3.headObject(this.object(), { abortSignal: this.cancel.signal }).catch(() => undefined);
    return found?.ContentLength === this.totalBytes;
  }

  private async drop(): Promise<void> {
    this.cancel.abort();
    await orAfter(cleanupTimeoutMs, Promise.allSettled([this.partInFlight]));
    // left to the collector: a connection that is being closed may still read them
    this.gathered = this.inFlight = undefined;
    try {
      await this.removeTraces();
    } catch (error) {
      const { bucket, key, secrets, warn } = this.target;
      warn(`Parts of "s3://${bucket}/${key}" may have stayed behind: ${s3Reason(error, secrets)}`);
    }
    this.target.ended(undefined);
  }

  private async removeTraces(): Promise<void> {
    const begun = this.upload?.catch(() => undefined);
    const UploadId = begun && (await orAfter(cleanupTimeoutMs, begun));
    if (!UploadId && !this.publishing) return;
    const s3 = await this.target.connect();
    const options = { abortSignal: AbortSignal.timeout(cleanupTimeoutMs) };
    if (UploadId) {
      await s3.abortMultipartUpload({ ...this.object(), UploadId }, options).catch((error: unknown) => {
        if (s3ErrorName(error) !== 'NoSuchUpload') throw error;
      });
    }
    if (this.publishing) await s3.deleteObject(this.object(), options);
  }

  private async orAbort<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      await this.abort();
      throw s3Error(error, this.target);
    }
  }

  private requireOpen(): void {
    if (!this.closed && !this.dropped) return;
    throw new TargetError('STAGE_FAILED', `The staged file "${this.target.key}" is no longer open`);
  }

  private object() {
    return { Bucket: this.target.bucket, Key: this.target.key };
  }
}

/** A server that does not answer must not hold up the end of a run. */
const orAfter = <T>(ms: number, promise: Promise<T>): Promise<T | undefined> =>
  Promise.race([promise, sleep(ms, undefined, { ref: false })]);
