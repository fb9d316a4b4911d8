"""singer-target-iomete as it is, but nothing answers: SQL returns no rows, uploads keep nothing. What is left is its own work:
parsing, flattening, CSV, gzip into its temporary folder."""
import sys

from singer_target_iomete import db_sync, main
from singer_target_iomete.utils import s3_upload_client as s3

db_sync.hive.connect = lambda **_: None
db_sync.DbSync.execute_query = lambda self, query=None: []
s3.S3UploadClient.__init__ = lambda self, config: None
s3.S3UploadClient.upload_file = lambda self, file, stream, temp_dir=None: "key"
s3.S3UploadClient.delete_object = lambda self, key: None
main()
