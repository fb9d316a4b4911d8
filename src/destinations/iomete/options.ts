// What a lakehouse needs to be told: pure data, which the configuration reads.

export const iometeOptions = {
  host: {
    group: 'lakehouse',
    schema: { type: 'string', pattern: '^(\\[[0-9A-Fa-f:.]+\\]|[^\\s/:@?#]+)$' },
    expects: 'a host name alone, without "https://", port or path',
    required: { destination: 'iomete', from: 'connection_url' },
    description: 'Host of the lakehouse, such as `xyz12.iomete.com`.',
  },
  port: {
    group: 'lakehouse',
    schema: { type: 'integer', minimum: 1, maximum: 65535 },
    default: 443,
    description: 'HTTPS port of the lakehouse.',
  },
  user: {
    group: 'lakehouse',
    schema: { type: 'string' },
    required: { destination: 'iomete' },
    description: 'iomete user.',
  },
  password: {
    group: 'lakehouse',
    schema: { type: 'string' },
    secret: true,
    required: { destination: 'iomete' },
    description: "The user's password, or an access token.",
  },
  lakehouse: {
    group: 'lakehouse',
    schema: { type: 'string' },
    required: { destination: 'iomete', from: 'connection_url', unless: 'http_path' },
    description: 'Name of the lakehouse.',
  },
  data_plane: {
    group: 'lakehouse',
    schema: { type: 'string' },
    description:
      "Name of the data plane that runs the lakehouse: today's iomete needs it, older versions have none. Makes the path `/data-plane/{data_plane}/lakehouse/{lakehouse}`.",
  },
  workspace_id: {
    group: 'lakehouse',
    schema: { type: 'string' },
    description:
      'iomete workspace ID, such as `abcde-123`. Without `data_plane` it makes the path `/lakehouse/{workspace_id}/{lakehouse}`.',
  },
  http_path: {
    group: 'lakehouse',
    schema: { type: 'string' },
    description: "The lakehouse's HTTP path as a whole, when it is none of the usual ones.",
  },
  connection_url: {
    group: 'lakehouse',
    schema: { type: 'string', pattern: '^airbyte://[^\\s/@?#%:]+(:\\d+)?/[^\\s/@?#%]+/[^\\s/@?#%]+/?$' },
    expects: 'of the form airbyte://{hostname}/{account_number}/{lakehouse_name}, without user or password',
    description:
      "Airbyte's form `airbyte://{hostname}/{account_number}/{lakehouse_name}`: gives `host`, `workspace_id` and `lakehouse` where they are not set.",
  },
  database: {
    group: 'lakehouse',
    schema: { type: 'string' },
    default: 'default',
    description: 'Database with which sessions are opened. Tables go to `default_target_schema` or `schema_mapping`.',
  },
  catalog: {
    group: 'lakehouse',
    schema: { type: 'string' },
    default: 'spark_catalog',
    description: 'Spark catalog that holds the tables.',
  },
  tls_ca_file: {
    group: 'lakehouse',
    schema: { type: 'string' },
    description: "PEM file with the certificate authority of the lakehouse, when the system's own do not know it.",
  },
  tls_verify: {
    group: 'lakehouse',
    schema: { type: 'boolean' },
    default: true,
    description: 'Check the certificate of the lakehouse.',
  },
  startup_wait_seconds: {
    group: 'lakehouse',
    schema: { type: 'integer', minimum: 0 },
    default: 600,
    description: 'How long to wait for a lakehouse that is starting.',
  },
  retry_max_seconds: {
    group: 'lakehouse',
    schema: { type: 'integer', minimum: 0 },
    default: 300,
    description:
      'How long one statement, load or S3 request is tried again after its first failure, when the fault may pass: no answer, a connection that breaks, an overloaded or restarted server, another writer that was quicker.',
  },
} as const;
