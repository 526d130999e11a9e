//! What layouts of earlier years write into a bucket itself, and objects in buckets, through the whole tool.

use serde_json::json;

use crate::support::World;
use crate::types::Account;

const LAYOUT: &str = r#"
provider "aws" { region = "eu-west-1" }
resource "aws_s3_bucket" "logs" {
  bucket        = "acme-logs"
  acl           = "log-delivery-write"
  force_destroy = true
}
resource "aws_s3_bucket" "old" {
  bucket = "acme-old"
  acl    = "private"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:DeleteBucket", Resource = "arn:aws:s3:::acme-old" }] })
  versioning {
    enabled = true # 1
    enabled = false # 2
  }
  logging {
    target_bucket = aws_s3_bucket.logs.id
    target_prefix = "log/"
  }
  website {
    index_document = "index.html" # 1
    index_document = "main.html" # 2
  }
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
  lifecycle_rule {
    enabled = true
    prefix  = "tmp/"
    abort_incomplete_multipart_upload_days = 7
    expiration {
      days = 30 # 1
      days = 60 # 2
    }
    transition {
      days          = 10
      storage_class = "STANDARD_IA"
    }
    noncurrent_version_expiration {
      days = 90
    }
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
  request_payer       = "Requester"
  acceleration_status = "Enabled"
}
resource "aws_s3_bucket" "copied" {
  bucket = "acme-copied"
  versioning {
    enabled = true
  }
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/copies"
    rules {
      id     = "all"
      status = "Enabled"
      filter {
        prefix = "a/"
        tags   = { copy = "yes" }
      }
      destination {
        bucket        = "arn:aws:s3:::copies"
        storage_class = "STANDARD"
        replication_time {}
        metrics {}
      }
      source_selection_criteria {
        sse_kms_encrypted_objects {
          enabled = true
        }
      }
    }
  }
  object_lock_configuration {
    object_lock_enabled = "Enabled"
    rule {
      default_retention {
        mode = "GOVERNANCE"
        days = 3
      }
    }
  }
}
resource "aws_s3_object" "text" {
  bucket  = aws_s3_bucket.logs.id
  key     = "a/b.json"
  content = jsonencode({ n = 1 }) # 1
  content = jsonencode({ n = 2 }) # 2
  tags    = { Name = "it" }
}
resource "aws_s3_object" "file" {
  bucket       = aws_s3_bucket.logs.id
  key          = "file.txt"
  source       = "file.txt"
  etag         = filemd5("file.txt")
  content_type = "text/plain"
}
output "site" { value = aws_s3_bucket.old.website_endpoint }
"#;

fn stage(number: usize) -> String {
    let other = format!("# {}", 3 - number);
    LAYOUT.lines().filter(|line| !line.ends_with(&other)).map(|line| format!("{line}\n")).collect()
}

fn becomes(world: &World, number: usize, text: &str) {
    world.write("main.tf", &stage(number));
    world.write("file.txt", text);
    world.floorplan(&["apply", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "--detailed-exitcode"]).exits(0);
}

fn get(world: &World, path: &str) -> String {
    world.send("GET", path, "s3", &[], b"").1
}

#[test]
fn a_bucket_of_earlier_years_is_made_changed_and_deleted() {
    let world = World::start();
    becomes(&world, 1, "one");
    for (part, text) in [
        ("versioning", "Enabled"),
        ("policy", "s3:DeleteBucket"),
        ("logging", "acme-logs"),
        ("website", "index.html"),
        ("cors", "<AllowedMethod>GET"),
        ("lifecycle", "<Days>30"),
        ("encryption", "aws:kms"),
        ("requestPayment", "Requester"),
        ("accelerate", "Enabled"),
    ] {
        let seen = get(&world, &format!("/acme-old?{part}"));
        assert!(seen.contains(text), "{part}: {seen}");
    }
    assert!(get(&world, "/acme-copied?replication").contains("<Minutes>15"));
    assert!(get(&world, "/acme-copied?object-lock").contains("<Days>3"));
    assert_eq!(get(&world, "/acme-logs/file.txt"), "one");

    becomes(&world, 2, "two");
    assert!(get(&world, "/acme-old?versioning").contains("Suspended"));
    assert!(get(&world, "/acme-old?website").contains("main.html"));
    assert!(get(&world, "/acme-old?lifecycle").contains("<Days>60"));
    assert_eq!(get(&world, "/acme-logs/file.txt"), "two");
    assert_eq!(get(&world, "/acme-logs/a/b.json"), r#"{"n":2}"#);

    world.floorplan(&["destroy", "--auto-approve"]).succeeds();
    assert_eq!(world.send("GET", "/acme-old?versioning", "s3", &[], b"").0, 404);
}

#[test]
fn an_object_is_sent_again_only_with_other_content() {
    let account = Account::start();
    let world = &account.world;
    let bucket = account.make("aws_s3_bucket", json!({"bucket": "acme-data"})).id;
    let versioned = json!({"bucket": bucket, "versioning_configuration": {"status": "Enabled"}});
    account.make("aws_s3_bucket_versioning", versioned);
    let config = |content: &str, tag: &str, force: bool| {
        json!({"bucket": bucket, "key": "/a//b", "content": content, "tags": {"a b": tag}, "metadata": {"x": "y"},
               "force_destroy": force, "cache_control": "no-cache"})
    };
    let mut object = account.make("aws_s3_object", config("one", "1", false));
    assert!(object.text("arn").ends_with(":acme-data/a/b"), "{}", object.text("arn"));
    assert_eq!(object.drift(), [""; 0]);
    let first = object.text("version_id");
    object.change(config("one", "2", false));
    assert_eq!(object.text("version_id"), first, "other tags are no other content");
    assert!(get(world, "/acme-data/a/b?tagging").contains("<Value>2"));
    object.change(config("two", "2", true));
    assert_ne!(object.text("version_id"), first);
    assert_eq!(get(world, "/acme-data/a/b"), "two");
    let found = account.data("aws_s3_object", json!({"bucket": bucket, "key": "a/b", "download_body": "true"}));
    assert_eq!((found.str("body"), found.str("body_base64")), (Some("two"), Some("dHdv")));
    assert_eq!(found.str("etag"), object.live.str("etag"));
    object.delete();
    assert!(!get(world, "/acme-data?versions").contains("<Key>"), "all versions are gone");
}
