module okyapp-info

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.270.0
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-oky-backend/cdk-oky-backend-go/cdkokybackend v0.0.0
)
