resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2, c = 3 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_db_subnet_group" "base" {
  name       = "base"
  subnet_ids = [for subnet in aws_subnet.base : subnet.id]
}

# swept
resource "aws_db_subnet_group" "it" {
  name       = "it"
  subnet_ids = [aws_subnet.base["a"].id, aws_subnet.base["b"].id] # 1
  subnet_ids = [for subnet in aws_subnet.base : subnet.id]        # 2
  tags       = { Name = "it" }
}
resource "aws_db_parameter_group" "it" {
  name   = "it"
  family = "postgres16"
  parameter {
    name  = "log_min_duration_statement"
    value = "250" # 1
    value = "500" # 2
  }
  tags = { Name = "it" }
}
resource "aws_db_option_group" "it" {
  name                     = "it"
  engine_name              = "mysql"
  major_engine_version     = "8.0"
  option_group_description = "it"
  tags                     = { Name = "one" } # 1
  tags                     = { Name = "two" } # 2
}
resource "aws_db_instance" "it" {
  identifier              = "it"
  engine                  = "postgres"
  engine_version          = "16"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  username                = "root"
  password                = "battery-staple-1" # 1
  password                = "battery-staple-2" # 2
  backup_retention_period = 1 # 1
  backup_retention_period = 2 # 2
  apply_immediately       = true
  skip_final_snapshot     = true
  db_subnet_group_name    = aws_db_subnet_group.base.name
  parameter_group_name    = aws_db_parameter_group.it.name
  tags                    = { Name = "it" }
}
resource "aws_rds_cluster_parameter_group" "it" {
  name   = "it"
  family = "aurora-postgresql16"
  parameter {
    name  = "log_min_duration_statement"
    value = "250" # 1
    value = "500" # 2
  }
  tags = { Name = "it" }
}
resource "aws_rds_cluster" "it" {
  cluster_identifier      = "it"
  engine                  = "aurora-postgresql"
  master_username         = "root"
  master_password         = "battery-staple-3" # 1
  master_password         = "battery-staple-4" # 2
  backup_retention_period = 1 # 1
  backup_retention_period = 2 # 2
  apply_immediately       = true
  skip_final_snapshot     = true
  db_subnet_group_name    = aws_db_subnet_group.base.name
  tags                    = { Name = "it" }
}
resource "aws_rds_cluster_instance" "it" {
  identifier         = "it-1"
  cluster_identifier = aws_rds_cluster.it.id
  engine             = "aurora-postgresql"
  instance_class     = "db.t4g.medium" # 1
  instance_class     = "db.r6g.large"  # 2
  apply_immediately  = true
  tags               = { Name = "it-1" }
}
resource "aws_db_instance_role_association" "it" {
  db_instance_identifier = aws_db_instance.it.identifier
  feature_name           = "s3Import"
  role_arn               = "arn:aws:iam::123456789012:role/import"
}
resource "aws_rds_cluster_role_association" "it" {
  db_cluster_identifier = aws_rds_cluster.it.id
  feature_name          = "s3Import"
  role_arn              = "arn:aws:iam::123456789012:role/import"
}
resource "aws_elasticache_subnet_group" "it" {
  name       = "it"
  subnet_ids = [aws_subnet.base["a"].id, aws_subnet.base["b"].id] # 1
  subnet_ids = [for subnet in aws_subnet.base : subnet.id]        # 2
  tags       = { Name = "it" }
}
resource "aws_redshift_subnet_group" "it" {
  name       = "it"
  subnet_ids = [aws_subnet.base["a"].id, aws_subnet.base["b"].id] # 1
  subnet_ids = [for subnet in aws_subnet.base : subnet.id]        # 2
  tags       = { Name = "it" }
}
