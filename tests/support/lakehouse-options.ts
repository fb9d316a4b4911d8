// Details of the stand-in → the options of a run that loads into it.
import type { LakehouseDetails } from '../setup/lakehouse.ts';

/** @param prefix of staged files; none when it is not set */
export function lakehouseOptions(details: LakehouseDetails, schema: string, prefix?: string) {
  const { host, port, dataPlane, lakehouse, user, password, caFile, s3 } = details;
  return {
    ...{ host, port, data_plane: dataPlane, lakehouse, user, password, tls_ca_file: caFile },
    ...{ s3_bucket: s3.bucket, s3_endpoint_url: s3.endpoint, s3_region_name: s3.region },
    ...{ aws_access_key_id: s3.accessKeyId, aws_secret_access_key: s3.secretAccessKey },
    ...(prefix !== undefined && { s3_key_prefix: prefix }),
    default_target_schema: schema,
  };
}
