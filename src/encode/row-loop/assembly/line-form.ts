// How the form of the input's lines lies in linear memory: the only place that knows the offsets. The row loop reads the
// form, src/encode/row-loop/line-form.ts writes it.

/** 1: a line is a record and nothing else. 0: a line is a message, and the words below are those of its members. */
export const IS_BARE: u32 = 0;
/** Words: address and length, u32 each. Keys are without their quotes, the value of the type is with them. */
export const TYPE_KEY: u32 = 4;
export const TYPE_VALUE: u32 = 12;
export const STREAM_KEY: u32 = 20;
export const RECORD_KEY: u32 = 28;
export const EXTRACTED_KEY: u32 = 36;
export const VERSION_KEY: u32 = 44;
/** What all records of bare lines have in common: where the text begins and ends, 0 for none. */
export const SHARED_EXTRACTED: u32 = 52;
export const SHARED_EXTRACTED_END: u32 = 56;
export const SHARED_VERSION: u32 = 60;
export const SHARED_VERSION_END: u32 = 64;
export const FORM_SIZE: u32 = 68;
