//! data aws_network_interface and data aws_key_pair: one interface, and one key pair, that is there.

use crate::resources::block::{TextList, TimestampCell};
use crate::resources::lookup::{self, Row, filters, found_by, here, one, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    AttachmentEnaSrdSpecification as Srd, AttachmentEnaSrdUdpSpecification as SrdUdp, KeyPairInfo, NetworkInterface,
    NetworkInterfaceAssociation, NetworkInterfaceAttachment,
};

/// The data source `aws_network_interface`.
pub struct NetworkInterfaceData;
/// The data source `aws_key_pair`.
pub struct KeyPairData;

block! {
    Association: NetworkInterfaceAssociation => NetworkInterfaceAssociation {
        allocation_id: Text, read;
        association_id: Text, read;
        carrier_ip: Text, read;
        customer_owned_ip: Text, read;
        ip_owner_id: Text, read;
        public_dns_name: Text, read;
        public_ip: Text, read;
    }
    Attachment: NetworkInterfaceAttachment => NetworkInterfaceAttachment {
        attachment_id: Text, read;
        device_index: Int, read;
        instance_id: Text, read;
        instance_owner_id: Text, read;
        network_card_index: Int, read;
    }
    SrdOptions: Srd => Srd {
        ena_srd_enabled: Flag, read;
        ena_srd_udp_specification: BlockList<SrdUdpOptions>, read;
    }
    SrdUdpOptions: SrdUdp => SrdUdp {
        ena_srd_udp_enabled: Flag, read;
    }
}

table! {
    Interface: NetworkInterface {
        association: BlockList<Association>, read;
        attachment: BlockList<Attachment>, read;
        availability_zone: Text, read;
        description: Text, read;
        ena_srd_specification: BlockList<SrdOptions>, none
            [.read(|i| BlockList::<SrdOptions>::get(i.held().attachment().and_then(|a| a.ena_srd_specification())))];
        interface_type: EnumCell, read;
        ipv6_addresses: Texts, none
            [.read(|i| Value::string_set(i.held().ipv6_addresses().iter().filter_map(|a| a.ipv6_address())))];
        mac_address: Text, read;
        outpost_arn: Text, read;
        owner_id: Text, read;
        private_dns_name: Text, read;
        private_ip = private_ip_address: Text, read;
        private_ips: TextList, none
            [.read(|i| Value::strings(i.held().private_ip_addresses().iter().filter_map(|a| a.private_ip_address())))];
        requester_id: Text, read;
        security_groups: Texts, none
            [.read(|i| Value::string_set(i.held().groups().iter().filter_map(|g| g.group_id())))];
        subnet_id: Text, read;
        vpc_id: Text, read;
    }
}

const BY: [(&str, &str); 1] = [("id", "network-interface-id")];

impl DataSource for NetworkInterfaceData {
    fn schema() -> Schema {
        let reported = lookup::computed::<Interface>().into_iter().chain([lookup::answer::<Text>("arn")]);
        schema("aws_network_interface", found_by(&BY, reported))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = listed!(&aws, describe_network_interfaces, vec![filters(config, &BY)]).await?;
        let interface = one(all, "network interface")?;
        let id = interface.network_interface_id().unwrap_or_default();
        Ok(lookup::with_rows::<Interface>(config, &interface)
            .with("arn", aws.ec2_arn(&format!("network-interface/{id}")))
            .with("id", id)
            .with("region", &*aws.region)
            .with("tags", tags::read(interface.tag_set())))
    }
}

table! {
    Pair: KeyPairInfo {
        create_time: TimestampCell, read;
        fingerprint = key_fingerprint: Text, read;
        id = key_pair_id: Text, read;
        key_type: EnumCell, read;
        public_key: Text, read;
    }
}

const BY_NAME: [(&str, &str); 2] = [("key_name", "key-name"), ("key_pair_id", "key-pair-id")];

impl DataSource for KeyPairData {
    fn schema() -> Schema {
        let given = BY_NAME.map(|(name, _)| Row::string(name)).into_iter().chain([Row::bool("include_public_key")]);
        let reported = lookup::computed::<Pair>().into_iter().chain([lookup::answer::<Text>("arn")]);
        schema("aws_key_pair", found_by(&[], given.chain(reported)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws.read.ec2.describe_key_pairs().set_filters(some(filters(config, &BY_NAME)));
        let answer = call.set_include_public_key(config.bool("include_public_key")).send().await?;
        let pair = one(answer.key_pairs.unwrap_or_default(), "key pair")?;
        let name = pair.key_name().unwrap_or_default();
        Ok(lookup::with_rows::<Pair>(config, &pair)
            .with("arn", aws.ec2_arn(&format!("key-pair/{name}")))
            .with("key_name", name)
            .with("key_pair_id", pair.key_pair_id())
            .with("region", &*aws.region)
            .with("tags", tags::read(pair.tags())))
    }
}
