resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_iam_role" "base" {
  name = "base"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "rds.amazonaws.com" } }]
  })
}
resource "aws_iam_user" "base" {
  name = "base"
}
resource "aws_secretsmanager_secret" "base" {
  name = "base"
}
resource "aws_kms_key" "base" {
  multi_region = true
}
resource "aws_db_subnet_group" "base" {
  name       = "base"
  subnet_ids = [for subnet in aws_subnet.base : subnet.id]
}
resource "aws_db_instance" "base" {
  identifier           = "base"
  engine               = "postgres"
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  username             = "root"
  password             = "battery-staple-1"
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.base.name
}
resource "aws_rds_cluster" "base" {
  cluster_identifier   = "base"
  engine               = "aurora-postgresql"
  master_username      = "root"
  master_password      = "battery-staple-1"
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.base.name
}
resource "aws_db_proxy" "base" {
  name           = "base"
  engine_family  = "POSTGRESQL"
  role_arn       = aws_iam_role.base.arn
  vpc_subnet_ids = [for subnet in aws_subnet.base : subnet.id]
  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = aws_secretsmanager_secret.base.arn
  }
}

# swept
resource "aws_db_proxy_endpoint" "it" {
  db_proxy_name          = aws_db_proxy.base.name
  db_proxy_endpoint_name = "it"
  vpc_subnet_ids         = [for subnet in aws_subnet.base : subnet.id]
  tags                   = { Name = "one" } # 1
  tags                   = { Name = "two" } # 2
}
resource "aws_db_instance_automated_backups_replication" "it" {
  region                 = "eu-central-1"
  source_db_instance_arn = aws_db_instance.base.arn
}
resource "aws_rds_cluster_activity_stream" "it" {
  resource_arn = aws_rds_cluster.base.arn
  mode         = "async"
  kms_key_id   = aws_kms_key.base.key_id
}
resource "aws_rds_global_cluster" "it" {
  global_cluster_identifier = "it"
  engine                    = "aurora-postgresql"
  engine_version            = "16.6" # 1
  engine_version            = "16.8" # 2
  tags                      = { Name = "it" }
}
resource "aws_rds_shard_group" "it" {
  db_cluster_identifier     = aws_rds_cluster.base.cluster_identifier
  db_shard_group_identifier = "it"
  max_acu                   = 100 # 1
  max_acu                   = 200 # 2
  tags                      = { Name = "it" }
}
resource "aws_kms_external_key" "it" {
  description         = "one" # 1
  description         = "two" # 2
  key_material_base64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
  tags                = { Name = "it" }
}
resource "aws_kms_replica_key" "it" {
  region          = "eu-central-1"
  primary_key_arn = aws_kms_key.base.arn
  description     = "one" # 1
  description     = "two" # 2
  tags            = { Name = "it" }
}
resource "aws_iam_access_key" "it" {
  user   = aws_iam_user.base.name
  status = "Active"   # 1
  status = "Inactive" # 2
}
resource "aws_iam_server_certificate" "it" {
  name             = "it"
  certificate_body = "body"
  private_key      = "battery-staple-2"
  path             = "/"   # 1
  path             = "/a/" # 2
  tags             = { Name = "it" }
}
