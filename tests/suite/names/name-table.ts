// Every line of docs/names.md: what a property or a stream is called → what its column or its table is called.

export interface NameRow {
  readonly source: string;
  readonly name: string;
  /** For people. */
  readonly why: string;
}

const row = (source: string, name: string, why: string): NameRow => ({ source, name, why });
const x = (count: number) => 'x'.repeat(count);

/** All are properties of one stream, so that those which meet do meet. */
export const columnTable: readonly NameRow[] = [
  row('Price', 'price', 'lower case'),
  row('ÉTÉ', 'été', 'letters of any script, in lower case'),
  row('日本語', '日本語', 'letters of any script'),
  row('select', 'select', 'reserved words stay: names are always quoted'),
  row('order', 'order', 'reserved words stay'),
  row('1st', '1st', 'a leading digit stays'),
  row('unit price', 'unit price', 'spaces within stay'),
  row(' padded ', 'padded', 'blanks at both ends go'),
  row('', 'unnamed', 'there has to be a name'),
  row('a.b', 'a.b', 'dots stay, and mean nothing'),
  row('minus-sign', 'minus-sign', 'signs stay'),
  row(`it's "so"`, `it's "so"`, 'quotes stay'),
  row('tick`ed', 'tick_ed', 'backticks become `_`'),
  row('a,b', 'a_b_f31d', '`,` `:` and `;` become `_`; where two names meet, each gets a hash of its source'),
  row('a;b', 'a_b_07cd', 'the other one'),
  row('tab\tand\nline', 'tab_and_line', 'control characters become `_`'),
  row('lone\ud800', 'lone_', 'what is not Unicode becomes `_`'),
  row('😀', '😀', 'emoji stay'),
  row('name', 'name', 'of names that differ by case only, the one in lower case keeps its name'),
  row('Name', 'name_0f50', 'the others get a hash'),
  row('NAME', 'name_72fd', 'the others get a hash'),
  row('adi', 'adi', 'Spark takes `adı` for the same'),
  row('adı', 'adı_59c3', 'so one of them gets a hash'),
  row(x(255), x(255), '255 characters stay'),
  row(x(300), `${x(250)}_2db4`, 'more are cut, with a hash of the whole'),
  row(
    '_sdc_table_version',
    '_sdc_table_version',
    "a property of its own, unless `add_metadata_columns` makes it the target's",
  ),
];

/** Each is a stream of its own. */
export const tableTable: readonly NameRow[] = [
  row('Customers', 'customers', 'lower case'),
  row('public-orders', 'orders', '`schema-table`: the schema is looked up in `schema_mapping`'),
  row('shop-public-order-items', 'order_items', '`catalog-schema-table`: further `-` become `_`'),
  row('select', 'select', 'reserved words stay'),
  row('1st', '1st', 'a leading digit stays'),
  row('my stream.v2', 'my_stream_v2', 'everything but `a-z`, `0-9` and `_` becomes `_`, as Hive refuses it'),
  row('naïve', 'na_ve_f86fd89d', 'where that is beyond ASCII, with a hash of the whole'),
  row('o'.repeat(150), `${'o'.repeat(119)}_8c02f60b`, 'beyond 128 characters it is cut, with a hash of the whole'),
];
