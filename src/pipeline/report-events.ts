// The events of a pipeline → its run report.
import type { RunReport } from '../report/run-report.ts';
import type { PipelineEvents } from './pipeline-parts.ts';

/** What a report takes. Whoever shows a run to a person adds to it. */
export const reportTo = (report: RunReport): PipelineEvents => ({
  reading: () => {},
  read: (stream, rows) => report.read(stream, rows),
  noted: (stream, column, note) => report.noted(stream, column, note),
  ignored: (stream, field) => report.ignored(stream, field),
  setAside: (stream, records) => report.setAside(stream, records),
  abandoned: (stream) => report.abandoned(stream),
  input: (bytes, isBlank) => report.input(bytes, isBlank),
  state: () => report.state(),
  loading: (stream, rows) => report.beginLoad(stream, rows),
  loaded: (stream, rows) => report.loaded(stream, rows),
  discarded: (version, discard) => report.discarded(version, discard),
});
