# Rendered from skeleton/files/top/facts.mk.j2.
EVERYTHING := local_aws sagemaker_endpoint s3_infra dynamodb_infra submit_image get_image_label invoke_labeller system_tests cloudwatch_alarms website client deploy_roles policy fuzz benchmark conformance capacity skeleton docs
