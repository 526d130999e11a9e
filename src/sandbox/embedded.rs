//! The launcher's Python files, carried in the binary and unpacked into a folder named after their content.
//!
//! A running sandbox keeps the folder it was started from; another version of Floorplan writes another.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::SandboxError;

/// The packages that pip installs into the sandbox's environment.
pub(super) const REQUIREMENTS: &str = include_str!("../../sandbox/requirements.txt");

const PACKAGE: &str = "floorplan_sandbox";

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../sandbox/floorplan_sandbox/", $path)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "__init__.py",
    "__main__.py",
    "answer.py",
    "cbor.py",
    "control.py",
    "copying.py",
    "filter_table.py",
    "front.py",
    "gaps/__init__.py",
    "gaps/accelerators.py",
    "gaps/addresses.py",
    "gaps/alarms.py",
    "gaps/attributes.py",
    "gaps/autoscaling_groups.py",
    "gaps/backup_plans.py",
    "gaps/block_public_access.py",
    "gaps/bucket_configurations.py",
    "gaps/buckets.py",
    "gaps/cache_and_warehouse_groups.py",
    "gaps/capacity.py",
    "gaps/certificates.py",
    "gaps/cidrs.py",
    "gaps/classic_balancers.py",
    "gaps/client_vpn.py",
    "gaps/cloudtrail_events.py",
    "gaps/composite_alarms.py",
    "gaps/config_rules.py",
    "gaps/core_networks.py",
    "gaps/customer_gateways.py",
    "gaps/data_protection.py",
    "gaps/detectors.py",
    "gaps/dhcp_options.py",
    "gaps/direct_connect.py",
    "gaps/encryption_controls.py",
    "gaps/endpoint_connections.py",
    "gaps/endpoint_services.py",
    "gaps/event_subscriptions.py",
    "gaps/event_targets.py",
    "gaps/file_systems.py",
    "gaps/filters.py",
    "gaps/flow_logs.py",
    "gaps/group_associations.py",
    "gaps/hosts.py",
    "gaps/iam_certificates.py",
    "gaps/iam_people.py",
    "gaps/iam_policies.py",
    "gaps/image_catalog.py",
    "gaps/image_loading.py",
    "gaps/instance_changes.py",
    "gaps/instance_launch.py",
    "gaps/instance_refresh.py",
    "gaps/instance_states.py",
    "gaps/instances.py",
    "gaps/interfaces.py",
    "gaps/internet_gateway.py",
    "gaps/ipam.py",
    "gaps/ipam_vpcs.py",
    "gaps/kms_keys.py",
    "gaps/kms_material.py",
    "gaps/lambda_functions.py",
    "gaps/launch_templates.py",
    "gaps/lifecycle_hooks.py",
    "gaps/listener_rules.py",
    "gaps/listeners.py",
    "gaps/load_balancers.py",
    "gaps/log_groups.py",
    "gaps/nat_gateways.py",
    "gaps/network_acls.py",
    "gaps/network_firewalls.py",
    "gaps/network_parts.py",
    "gaps/outposts.py",
    "gaps/own_images.py",
    "gaps/own_services.py",
    "gaps/peering.py",
    "gaps/plain.py",
    "gaps/prefix_lists.py",
    "gaps/quotas.py",
    "gaps/rds_clusters.py",
    "gaps/rds_create.py",
    "gaps/rds_failover.py",
    "gaps/rds_global.py",
    "gaps/rds_groups.py",
    "gaps/rds_parameters.py",
    "gaps/rds_parts.py",
    "gaps/rds_pending.py",
    "gaps/rds_proxies.py",
    "gaps/rds_roles.py",
    "gaps/rds_secrets.py",
    "gaps/rds_states.py",
    "gaps/rds_versions.py",
    "gaps/rds_windows.py",
    "gaps/region_defaults.py",
    "gaps/resolver_firewall.py",
    "gaps/resource_shares.py",
    "gaps/route53_parts.py",
    "gaps/route53_records.py",
    "gaps/route_propagation.py",
    "gaps/route_servers.py",
    "gaps/route_tables.py",
    "gaps/routes.py",
    "gaps/rule_conditions.py",
    "gaps/scalable_targets.py",
    "gaps/scaling_weights.py",
    "gaps/scheduled_actions.py",
    "gaps/secrets.py",
    "gaps/security_group_create.py",
    "gaps/security_group_delete.py",
    "gaps/security_group_rules.py",
    "gaps/service_networks.py",
    "gaps/shield.py",
    "gaps/shield_team.py",
    "gaps/sign_in_actions.py",
    "gaps/spot_requests.py",
    "gaps/subnet_delete.py",
    "gaps/subnets_ipv6_only.py",
    "gaps/subscriptions.py",
    "gaps/tag_lookup.py",
    "gaps/tag_rules.py",
    "gaps/tagged_objects.py",
    "gaps/target_groups.py",
    "gaps/target_health.py",
    "gaps/topics.py",
    "gaps/trails.py",
    "gaps/transit_connect.py",
    "gaps/transit_gateways.py",
    "gaps/transit_tables.py",
    "gaps/trust_stores.py",
    "gaps/user_pools.py",
    "gaps/vpc_delete.py",
    "gaps/vpc_endpoints.py",
    "gaps/vpn_connections.py",
    "gaps/vpn_gateways.py",
    "gaps/vpn_tunnels.py",
    "gaps/waf_capacity.py",
    "gaps/waf_keys.py",
    "gaps/waf_objects.py",
    "gaps/waf_scope.py",
    "gaps/waf_use.py",
    "gaps/zones.py",
    "multiply.py",
    "paging.py",
    "patch.py",
    "phases.py",
    "request.py",
    "s3_model.py",
    "server.py",
    "service.py",
    "signature.py",
    "staleness.py",
    "start.py",
    "tokens.py",
    "trail.py",
    "visibility.py",
    "world.py",
];

/// Writes the launcher under `cache` unless it is there; the folder to put on Python's path.
pub(super) fn unpack(cache: &Path) -> Result<PathBuf, SandboxError> {
    let folder = cache.join(format!("launcher-{}", digest(FILES)));
    if folder.is_dir() {
        return Ok(folder);
    }
    fs::create_dir_all(cache).map_err(SandboxError::io("creating", cache))?;
    let draft = tempfile::Builder::new()
        .prefix("launcher-draft-")
        .tempdir_in(cache)
        .map_err(SandboxError::io("creating a folder in", cache))?;
    for (name, text) in FILES {
        let path = draft.path().join(PACKAGE).join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(SandboxError::io("creating", parent))?;
        }
        fs::write(&path, text).map_err(SandboxError::io("writing", &path))?;
    }
    match fs::rename(draft.path(), &folder) {
        // Another process was faster; its folder has the same content.
        Err(_) if folder.is_dir() => Ok(folder),
        Err(error) => Err(SandboxError::io("creating", &folder)(error)),
        Ok(()) => Ok(folder),
    }
}

/// A short name for the content of files.
pub(super) fn digest(files: &[(&str, &str)]) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn python_files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                python_files(&entry.path(), &format!("{name}/"), found);
            } else if name.ends_with(".py") {
                found.insert(name);
            }
        }
    }

    #[test]
    fn every_file_of_the_launcher_is_carried() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox").join(PACKAGE);
        let mut present = BTreeSet::new();
        python_files(&folder, "", &mut present);
        let carried: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(carried, present);
    }

    #[test]
    fn unpacking_twice_gives_the_same_complete_folder() {
        let cache = tempfile::tempdir().unwrap();
        let first = unpack(cache.path()).unwrap();
        assert_eq!(first, unpack(cache.path()).unwrap());
        assert!(first.join(PACKAGE).join("gaps").join("__init__.py").is_file());
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 1);
    }

    #[test]
    fn another_content_has_another_name() {
        assert_ne!(digest(&[("a", "bc")]), digest(&[("ab", "c")]));
    }
}
