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
resource "aws_secretsmanager_secret" "base" {
  name = "base"
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

# swept
resource "aws_db_proxy" "it" {
  name           = "it"
  engine_family  = "POSTGRESQL"
  role_arn       = aws_iam_role.base.arn
  vpc_subnet_ids = [for subnet in aws_subnet.base : subnet.id]
  require_tls    = false # 1
  require_tls    = true  # 2
  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = aws_secretsmanager_secret.base.arn
  }
  tags = { Name = "it" }
}
resource "aws_db_proxy_default_target_group" "it" {
  db_proxy_name = aws_db_proxy.it.name
  connection_pool_config {
    max_connections_percent      = 90 # 1
    max_connections_percent      = 80 # 2
    max_idle_connections_percent = 40
  }
}
resource "aws_db_proxy_target" "it" {
  db_proxy_name          = aws_db_proxy.it.name
  target_group_name      = aws_db_proxy_default_target_group.it.name
  db_instance_identifier = aws_db_instance.base.identifier
}
resource "aws_rds_cluster_endpoint" "it" {
  cluster_identifier          = aws_rds_cluster.base.id
  cluster_endpoint_identifier = "it"
  custom_endpoint_type        = "READER" # 1
  custom_endpoint_type        = "ANY"    # 2
  tags                        = { Name = "it" }
}
