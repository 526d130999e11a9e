//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_iam_access_key {
        read: "iam:GetAccessKeyLastUsed" "iam:ListAccessKeys";
        create: "iam:CreateAccessKey";
        update: "iam:UpdateAccessKey";
        delete: "iam:DeleteAccessKey";
    }
    aws_iam_account_password_policy {
        read: "iam:GetAccountPasswordPolicy";
        create: "iam:UpdateAccountPasswordPolicy";
        update: "iam:UpdateAccountPasswordPolicy";
        delete: "iam:DeleteAccountPasswordPolicy";
    }
    aws_iam_group {
        read: "iam:GetGroup";
        create: "iam:CreateGroup";
        update: "iam:UpdateGroup";
        delete: "iam:DeleteGroup";
    }
    aws_iam_group_membership {
        read: "iam:GetGroup";
        create: "iam:AddUserToGroup";
        update: "iam:AddUserToGroup" "iam:RemoveUserFromGroup";
        delete: "iam:RemoveUserFromGroup";
    }
    aws_iam_group_policy_attachment {
        read: "iam:ListAttachedGroupPolicies";
        create: "iam:AttachGroupPolicy";
        delete: "iam:DetachGroupPolicy";
    }
    aws_iam_instance_profile {
        read: "iam:GetInstanceProfile";
        create: "iam:CreateInstanceProfile";
        update: "iam:AddRoleToInstanceProfile" "iam:RemoveRoleFromInstanceProfile" "iam:TagInstanceProfile"
            "iam:UntagInstanceProfile";
        delete: "iam:DeleteInstanceProfile" "iam:RemoveRoleFromInstanceProfile";
        passes: "ec2.amazonaws.com";
    }
    aws_iam_openid_connect_provider {
        read: "iam:GetOpenIDConnectProvider";
        create: "iam:CreateOpenIDConnectProvider";
        update: "iam:AddClientIDToOpenIDConnectProvider" "iam:RemoveClientIDFromOpenIDConnectProvider"
            "iam:TagOpenIDConnectProvider" "iam:UntagOpenIDConnectProvider" "iam:UpdateOpenIDConnectProviderThumbprint";
        delete: "iam:DeleteOpenIDConnectProvider";
    }
    aws_iam_policy {
        read: "iam:GetPolicy" "iam:GetPolicyVersion";
        create: "iam:CreatePolicy" "iam:ListPolicies";
        update: "iam:CreatePolicyVersion" "iam:DeletePolicyVersion" "iam:ListPolicyVersions" "iam:TagPolicy"
            "iam:UntagPolicy";
        delete: "iam:DeletePolicy" "iam:DeletePolicyVersion" "iam:ListPolicyVersions";
    }
    aws_iam_policy_attachment {
        read: "iam:ListEntitiesForPolicy";
        create: "iam:AttachUserPolicy";
        update: "iam:AttachGroupPolicy" "iam:AttachUserPolicy" "iam:DetachUserPolicy";
        delete: "iam:DetachGroupPolicy" "iam:DetachUserPolicy";
    }
    aws_iam_role {
        read: "iam:GetRole" "iam:GetRolePolicy" "iam:ListAttachedRolePolicies" "iam:ListRolePolicies";
        create: "iam:CreateRole";
        update: "iam:AttachRolePolicy" "iam:DeleteRolePermissionsBoundary" "iam:DeleteRolePolicy" "iam:DetachRolePolicy"
            "iam:PutRolePermissionsBoundary" "iam:PutRolePolicy" "iam:TagRole" "iam:UntagRole"
            "iam:UpdateAssumeRolePolicy" "iam:UpdateRole";
        delete: "iam:DeleteRole" "iam:DetachRolePolicy" "iam:ListInstanceProfilesForRole"
            "iam:RemoveRoleFromInstanceProfile";
    }
    aws_iam_role_policy {
        read: "iam:GetRolePolicy";
        create: "iam:PutRolePolicy";
        update: "iam:PutRolePolicy";
        delete: "iam:DeleteRolePolicy";
    }
    aws_iam_role_policy_attachment {
        read: "iam:ListAttachedRolePolicies";
        create: "iam:AttachRolePolicy";
        delete: "iam:DetachRolePolicy";
    }
    aws_iam_saml_provider {
        read: "iam:GetSAMLProvider";
        create: "iam:CreateSAMLProvider";
        update: "iam:TagSAMLProvider" "iam:UntagSAMLProvider" "iam:UpdateSAMLProvider";
        delete: "iam:DeleteSAMLProvider";
    }
    aws_iam_server_certificate {
        read: "iam:GetServerCertificate" "iam:ListServerCertificates";
        create: "iam:UploadServerCertificate";
        update: "iam:TagServerCertificate" "iam:UntagServerCertificate" "iam:UpdateServerCertificate";
        delete: "iam:DeleteServerCertificate";
    }
    aws_iam_service_linked_role {
        read: "iam:GetRole";
        create: "iam:CreateServiceLinkedRole" "iam:ListRoles";
        update: "iam:TagRole" "iam:UntagRole" "iam:UpdateRole";
        delete: "iam:DeleteServiceLinkedRole" "iam:GetServiceLinkedRoleDeletionStatus";
    }
    aws_iam_user {
        read: "iam:GetUser";
        create: "iam:CreateUser";
        update: "iam:DeleteUserPermissionsBoundary" "iam:PutUserPermissionsBoundary" "iam:TagUser" "iam:UntagUser"
            "iam:UpdateUser";
        delete: "iam:DeactivateMFADevice" "iam:DeleteAccessKey" "iam:DeleteLoginProfile" "iam:DeleteSSHPublicKey"
            "iam:DeleteSigningCertificate" "iam:DeleteUser" "iam:DetachUserPolicy" "iam:ListAccessKeys"
            "iam:ListAttachedUserPolicies" "iam:ListGroupsForUser" "iam:ListMFADevices" "iam:ListSSHPublicKeys"
            "iam:ListSigningCertificates" "iam:ListUserPolicies";
    }
    aws_iam_user_policy {
        read: "iam:GetUserPolicy";
        create: "iam:PutUserPolicy";
        update: "iam:PutUserPolicy";
        delete: "iam:DeleteUserPolicy";
    }
    aws_iam_user_policy_attachment {
        read: "iam:ListAttachedUserPolicies";
        create: "iam:AttachUserPolicy";
        delete: "iam:DetachUserPolicy";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_iam_account_alias: "iam:ListAccountAliases";
    aws_iam_group: "iam:GetGroup";
    aws_iam_instance_profile: "iam:GetInstanceProfile";
    aws_iam_policy: "iam:GetPolicy" "iam:GetPolicyVersion" "iam:ListPolicies";
    aws_iam_policy_document:;
    aws_iam_role: "iam:GetRole";
    aws_iam_roles: "iam:ListRoles";
    aws_iam_session_context: "iam:GetRole";
    aws_iam_user: "iam:GetUser";
    aws_iam_users: "iam:ListUsers";
};
