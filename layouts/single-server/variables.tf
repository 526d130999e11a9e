variable "client" {
  description = "The client's short name"
  type        = string
  default     = "acme-small"
}

variable "region" {
  description = "Where the server is built"
  type        = string
  default     = "eu-west-1"
}

variable "cidr_block" {
  description = "The network's range"
  type        = string
  default     = "10.90.0.0/16"
}

variable "image_id" {
  description = "Image of the server; null: the newest Amazon Linux 2023. Changing it replaces the server, which interrupts it."
  type        = string
  default     = null
}

variable "instance_type" {
  description = "Type of the server. Changing it stops the server for a few minutes."
  type        = string
  default     = "t3.small"
}

variable "sources" {
  description = "Ranges that may reach the server"
  type        = set(string)
  default     = ["0.0.0.0/0"]
}

variable "protected" {
  description = "Whether the database is protected from deletion; to be switched off before a destroy"
  type        = bool
  default     = true
}
