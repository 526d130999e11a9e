resource "aws_cognito_user_pool" "base" {
  name = "base"
}

# swept
resource "aws_cognito_user_pool" "it" {
  name                     = "it"
  auto_verified_attributes = ["email"] # 2
  schema {
    name                = "team"
    attribute_data_type = "String"
    mutable             = true
    string_attribute_constraints {
      max_length = "9"
    }
  }
  tags = { Name = "it" }
}
resource "aws_cognito_user_pool_client" "it" {
  name          = "it"
  user_pool_id  = aws_cognito_user_pool.base.id
  callback_urls = ["https://one.example.com"] # 1
  callback_urls = ["https://two.example.com"] # 2
}
resource "aws_cognito_user_pool_domain" "it" {
  domain                = "it"
  user_pool_id          = aws_cognito_user_pool.base.id
  managed_login_version = 1 # 1
  managed_login_version = 2 # 2
}
