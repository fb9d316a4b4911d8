// How staged files are compressed.

export type StagedCompression = 'gzip' | 'none';
