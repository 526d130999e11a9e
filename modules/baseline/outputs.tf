output "user_data" {
  description = "The user data, for cloud-init"
  value       = local.user_data

  precondition {
    condition     = length(local.user_data) <= 16384
    error_message = "The baseline makes ${length(local.user_data)} bytes of user data; an instance takes 16384. Leave parts of it to Puppet."
  }
}

output "cloud_config" {
  description = "The baseline alone, without the additions"
  value       = local.own
}
