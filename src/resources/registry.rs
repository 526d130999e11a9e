//! All types and data sources of all families, by name. A family does not know it.

use super::any::{AnyData, AnyResource, Registry};
use super::{
    accelerator, backup, cloudwatch, cognito, compute, core_network, database, direct_connect, dns, efs, elb, events,
    firewall, guardduty, identity, kms, lambda, lattice, messaging, network, quotas, recording, resolver, scaling,
    sharing, ssm, storage, vpn, waf,
};
use std::sync::LazyLock;

/// All resource types of AWS by name.
pub fn registry() -> &'static Registry<dyn AnyResource> {
    static ALL: LazyLock<Registry<dyn AnyResource>> = LazyLock::new(|| {
        let mut all = Registry::new();
        for family in [
            accelerator::resources,
            network::resources,
            vpn::resources,
            compute::resources,
            core_network::resources,
            elb::resources,
            database::resources,
            direct_connect::resources,
            dns::resources,
            waf::resources,
            cloudwatch::resources,
            identity::resources,
            kms::resources,
            lambda::resources,
            lattice::resources,
            messaging::resources,
            events::resources,
            backup::resources,
            cognito::resources,
            efs::resources,
            firewall::resources,
            guardduty::resources,
            quotas::resources,
            recording::resources,
            resolver::resources,
            scaling::resources,
            sharing::resources,
            ssm::resources,
            storage::resources,
        ] {
            family(&mut all);
        }
        all
    });
    &ALL
}

/// All data sources by name.
pub fn data_sources() -> &'static Registry<dyn AnyData> {
    static ALL: LazyLock<Registry<dyn AnyData>> = LazyLock::new(|| {
        let mut all = Registry::new();
        for family in [
            network::data_sources,
            vpn::data_sources,
            compute::data_sources,
            elb::data_sources,
            database::data_sources,
            direct_connect::data_sources,
            dns::data_sources,
            waf::data_sources,
            cloudwatch::data_sources,
            identity::data_sources,
            kms::data_sources,
            lambda::data_sources,
            backup::data_sources,
            cognito::data_sources,
            efs::data_sources,
            firewall::data_sources,
            guardduty::data_sources,
            messaging::data_sources,
            quotas::data_sources,
            resolver::data_sources,
            ssm::data_sources,
            storage::data_sources,
        ] {
            family(&mut all);
        }
        all
    });
    &ALL
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
