//! The calls of the two kinds of parameter groups, which RDS names alike but for the beginning.

/// What the two kinds of groups do not share: RDS has a set of calls for each.
pub trait Kind: Send + Sync + 'static {
    /// The type's name.
    const TYPE: &'static str;
    /// Whether the layout may leave the group behind.
    const SKIPS_DESTROY: bool;
    /// The member that has a group in an answer.
    const GROUP: &'static str;
    /// The members that have the name and the ARN of a group.
    const KEY: (&'static str, &'static str);
    /// The call that lists groups, and where its answer has them.
    const LIST: (&'static str, &'static str);
    /// The call that lists the parameters of a group.
    const PARAMETERS: &'static str;
    /// The call that makes a group.
    const CREATE: &'static str;
    /// The call that sets parameters.
    const MODIFY: &'static str;
    /// The call that takes parameters back.
    const RESET: &'static str;
    /// The call that deletes a group.
    const DELETE: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $group:literal, $parameters:literal, $skips:literal;)*) => {$(
        $(#[$doc])*
        pub struct $kind;

        impl Kind for $kind {
            const TYPE: &'static str = $name;
            const SKIPS_DESTROY: bool = $skips;
            const GROUP: &'static str = $group;
            const KEY: (&'static str, &'static str) = (concat!($group, "Name"), concat!($group, "Arn"));
            const LIST: (&'static str, &'static str) =
                (concat!("Describe", $group, "s"), concat!($group, "s.", $group));
            const PARAMETERS: &'static str = concat!("Describe", $parameters);
            const CREATE: &'static str = concat!("Create", $group);
            const MODIFY: &'static str = concat!("Modify", $group);
            const RESET: &'static str = concat!("Reset", $group);
            const DELETE: &'static str = concat!("Delete", $group);
        }
    )*};
}

kinds! {
    /// aws_db_parameter_group
    Instances: "aws_db_parameter_group", "DBParameterGroup", "DBParameters", true;
    /// aws_rds_cluster_parameter_group
    Clusters: "aws_rds_cluster_parameter_group", "DBClusterParameterGroup", "DBClusterParameters", false;
}
