package info.okyapp;

import io.github.cdkokybackend.OkyBackend;
import io.github.cdkokybackend.OkyServiceOptions;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.certificatemanager.Certificate;

public final class OkyappInfo {
    private static final String ACCOUNT = "111122223333";
    private static final String REGION = "eu-west-2";

    public static void main(final String[] args) {
        final App app = new App();
        final Stack stack = new Stack(app, "OkyappInfo", StackProps.builder()
            .env(Environment.builder().account(ACCOUNT).region(REGION).build())
            .terminationProtection(true)
            .build());

        OkyBackend.Builder.create(stack, "Oky")
            .domainName("okyapp.info")
            .certificate(Certificate.fromCertificateArn(stack, "Certificate",
                "arn:aws:acm:" + REGION + ":" + ACCOUNT + ":certificate/11111111-2222-3333-4444-555555555555"))
            .edgeCertificate(Certificate.fromCertificateArn(stack, "EdgeCertificate",
                "arn:aws:acm:us-east-1:" + ACCOUNT + ":certificate/66666666-7777-8888-9999-000000000000"))
            .api(OkyServiceOptions.builder()
                .imageTag("2025_05")
                .repositoryName("oky/api_en")
                .environmentFileKey("project_oky_api_task_configuration.env")
                .build())
            .cms(OkyServiceOptions.builder()
                .imageTag("2025_05")
                .repositoryName("oky/cms_en")
                .environmentFileKey("project_oky_cms_task_configuration.env")
                .build())
            .build();

        app.synth();
    }
}
