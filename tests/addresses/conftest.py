from tests.s3_fixtures import bucket as bucket
from tests.s3_fixtures import server as server
