// What a person should know though the run goes on: each is said once for a stream.
import type { Log } from '../errors/log.ts';
import type { StreamVersion } from '../schema/model.ts';

export class Warnings {
  private readonly log: Log;
  private readonly given = new Set<string>();

  constructor(log: Log) {
    this.log = log;
  }

  /** The stream's records carry `_sdc_deleted_at`, and the configuration or the lack of keys leaves them as rows. */
  deleteMarkers({ stream, deletes, keys, loadMethod }: StreamVersion): void {
    if (loadMethod === 'append-only')
      this.once(stream, 'delete markers are appended as rows, because the stream is loaded append-only');
    else if (deletes === 'ignore')
      this.once(
        stream,
        'rows that the source has deleted are kept, because neither "hard_delete" nor "add_metadata_columns" is set',
      );
    else if (keys.length === 0)
      this.once(stream, 'delete markers are appended as rows, because the stream has no key properties');
  }

  /** `hard_delete` is on, and a whole table came without any sign of what the source has deleted. */
  deletesUntold({ stream }: StreamVersion): void {
    this.once(
      stream,
      'rows that the source has deleted are kept though "hard_delete" is set, because the tap sends neither delete markers nor ACTIVATE_VERSION; "stream_load_methods" can set the stream to "overwrite"',
    );
  }

  activateBeforeSchema(stream: string): void {
    this.once(stream, 'ACTIVATE_VERSION before its SCHEMA is ignored');
  }

  activateWithoutMetadata(stream: string): void {
    this.once(stream, 'ACTIVATE_VERSION is ignored, because rows carry no version without "add_metadata_columns"');
  }

  activateAppendOnly(stream: string): void {
    this.once(stream, 'ACTIVATE_VERSION is ignored, because the stream is loaded append-only');
  }

  activateUnsupported(stream: string): void {
    this.once(stream, 'ACTIVATE_VERSION is ignored, because the destination removes no rows');
  }

  notOverwritten(stream: string, why: string): void {
    this.once(stream, why);
  }

  overwriteAbandoned(stream: string): void {
    this.once(stream, 'it was not overwritten: its table keeps the rows that it had');
  }

  /** At the end of the input no record has told what columns the stream has. */
  columnless({ stream, awaitedKeys, loadMethod }: StreamVersion): void {
    const key = awaitedKeys === undefined ? '' : `, or none for its key ${JSON.stringify(awaitedKeys[0])}`;
    const lack = `no columns${key}`;
    const emptied = loadMethod === 'overwrite' ? ', and one that exists is emptied' : '';
    this.once(stream, `its SCHEMA declares ${lack}, and no record was loaded: no table is made${emptied}`);
  }

  private once(stream: string, what: string): void {
    const message = `stream ${stream}: ${what}`;
    if (this.given.has(message)) return;
    this.given.add(message);
    this.log.warn(message);
  }
}
