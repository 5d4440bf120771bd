package sallyport.engine.descriptor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.identity.SigningMaterial;
import sallyport.engine.limits.Rate;
import sallyport.engine.netdoc.DocumentSigner;
import sallyport.engine.netdoc.ExtraInfoText;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.ServerDescriptorText;

/// Builds and signs the descriptor and extra-info of one relay. Costs some milliseconds of RSA: control
/// tasks only.
public final class DescriptorBuilder {
    /// C tor's form, with our name: authorities check versions only of those that begin with `Tor `.
    public static final String PLATFORM = "Sallyport 0.1.0 on Linux";
    /// C tor's lifetime of a family certificate.
    private static final Duration FAMILY_CERT_LIFETIME = Duration.ofDays(30);
    /// ` $` and 40 hex digits.
    private static final int FAMILY_MEMBER_BYTES = 42;

    /// What is true at this moment.
    /// @param published rounded down to whole seconds
    /// @param uptime since the instance started
    /// @param onionKeyDays consensus parameter `onion-key-rotation-days`
    /// @param observedBytesPerSecond see `BandwidthHistory.observedBytesPerSecond`
    /// @param extraInfo histories and statistics as lines of the extra-info document
    /// @param overloaded the hour in which it had more to do than it could; null when that was not of late
    public record Moment(
            Instant published,
            Duration uptime,
            int onionKeyDays,
            long observedBytesPerSecond,
            List<String> extraInfo,
            @Nullable Instant overloaded) {
        public Moment {
            extraInfo = List.copyOf(extraInfo);
        }
    }

    private DescriptorBuilder() {}

    /// @throws DescriptorTooLong when it would be longer than authorities accept: some hundred lines of
    /// policy and family
    public static ServerDescriptor build(DescriptorSpec spec, SigningMaterial signing, Moment moment)
            throws DescriptorTooLong {
        Instant published = moment.published().truncatedTo(ChronoUnit.SECONDS);
        RelayIdentity identity = signing.identity();
        DocumentSigner signer = signer(signing);
        ExtraInfoText.Document extraInfo = new ExtraInfoText(
                        spec.nickname(), identity.rsaDigest(), signing.signingCert(), published, moment.extraInfo())
                .signed(signer);
        Rate advertised = spec.bandwidth().advertised();
        // C tor: who carries nothing promises nothing.
        long observed = spec.hibernating() ? 0 : moment.observedBytesPerSecond();
        @Nullable String ipv6Summary = spec.policy().ipv6Summary();
        byte[] descriptor = new ServerDescriptorText(
                        spec.nickname(),
                        spec.ipv4(),
                        spec.ipv6(),
                        spec.dirPort(),
                        PLATFORM,
                        AdvertisedProtocols.LINE,
                        published,
                        moment.uptime().toSeconds(),
                        new ServerDescriptorText.Bandwidth(
                                advertised.bytesPerSecond(), advertised.burstBytes(), observed),
                        extraInfo,
                        keys(signing, published.plus(Duration.ofDays(moment.onionKeyDays()))),
                        spec.family(),
                        spec.familyKeys().certificates(identity.ed25519(), published.plus(FAMILY_CERT_LIFETIME)),
                        spec.contact(),
                        spec.policy().descriptorLines(),
                        ipv6Summary,
                        spec.directoryCache(),
                        moment.overloaded(),
                        spec.hibernating())
                .signed(signer);
        if (descriptor.length > RouterDescriptor.BYTES_MAX) {
            throw tooLong(spec, descriptor.length);
        }
        return new ServerDescriptor(descriptor, extraInfo.bytes(), published, observed);
    }

    /// What an operator wrote, and how much of the descriptor each key takes; the longest is to blame.
    private static DescriptorTooLong tooLong(DescriptorSpec spec, int bytes) {
        int policy = spec.policy().descriptorLines().stream()
                .mapToInt(line -> line.length() + 1)
                .sum();
        int family = spec.family().size() * FAMILY_MEMBER_BYTES;
        int contact = spec.contact().getBytes(StandardCharsets.UTF_8).length;
        int most = Math.max(policy, Math.max(family, contact));
        String key = most == policy ? "exit-policy" : most == family ? "family" : "contact";
        return new DescriptorTooLong("the descriptor would have " + bytes + " bytes, and authorities take "
                + RouterDescriptor.BYTES_MAX + ": " + most + " of them are " + key + "; shorten it");
    }

    private static ServerDescriptorText.Keys keys(SigningMaterial signing, Instant onionKeyEnd) {
        SigningMaterial.NtorCrossCert ntorCross = signing.ntorCrossCert(onionKeyEnd);
        return new ServerDescriptorText.Keys(
                signing.identity().rsaPkcs1(),
                signing.identity().ed25519(),
                signing.signingCert(),
                signing.tapOnionKey(),
                signing.tapCrossCert(),
                signing.ntorOnionKey(),
                ntorCross.bit(),
                ntorCross.cert());
    }

    private static DocumentSigner signer(SigningMaterial signing) {
        return new DocumentSigner() {
            @Override
            public byte[] edSign(byte[] message) {
                return signing.edSign(message);
            }

            @Override
            public byte[] rsaSign(byte[] digest) {
                return signing.rsaSign(digest);
            }
        };
    }
}
