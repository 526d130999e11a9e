variable "name" {
  description = "The service's short name"
  type        = string
  default     = "shop"
}

variable "region" {
  description = "Where the service is built"
  type        = string
  default     = "eu-west-1"
}

variable "cidr_block" {
  description = "The network's range"
  type        = string
  default     = "10.40.0.0/16"
}

variable "members_per_zone" {
  description = "How many members each zone has"
  type        = number
  default     = 1
}

variable "certificate_arn" {
  description = "ARN of an issued certificate for the service's name"
  type        = string
}

variable "deletion_protection" {
  description = "Whether the balancer is protected from deletion; to be switched off before a destroy"
  type        = bool
  default     = true
}
