package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	acm "github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/jsii-runtime-go"
	oky "github.com/cdk-oky-backend/cdk-oky-backend-go/cdkokybackend"
)

const (
	account = "111122223333"
	region  = "eu-west-2"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("OkyappInfo"), &awscdk.StackProps{
		Env:                   &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
		TerminationProtection: jsii.Bool(true),
	})

	oky.NewOkyBackend(stack, jsii.String("Oky"), &oky.OkyBackendProps{
		DomainName: jsii.String("okyapp.info"),
		Certificate: acm.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
			jsii.String("arn:aws:acm:"+region+":"+account+":certificate/11111111-2222-3333-4444-555555555555")),
		EdgeCertificate: acm.Certificate_FromCertificateArn(stack, jsii.String("EdgeCertificate"),
			jsii.String("arn:aws:acm:us-east-1:"+account+":certificate/66666666-7777-8888-9999-000000000000")),
		Api: &oky.OkyServiceOptions{
			ImageTag:           jsii.String("2025_05"),
			RepositoryName:     jsii.String("oky/api_en"),
			EnvironmentFileKey: jsii.String("project_oky_api_task_configuration.env"),
		},
		Cms: &oky.OkyServiceOptions{
			ImageTag:           jsii.String("2025_05"),
			RepositoryName:     jsii.String("oky/cms_en"),
			EnvironmentFileKey: jsii.String("project_oky_cms_task_configuration.env"),
		},
	})

	app.Synth(nil)
}
