package sallyport.engine.directory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.engine.netdoc.Unverified;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.world.Log;
import sallyport.engine.world.Storage;

/// All documents we believe, their copies on disk, and the snapshot made of them. Knows nothing of how they are
/// fetched. Used by the fetcher's one task.
final class DirectoryState {
    static final String CERTIFICATES = "directory/cached-certs";
    static final String MICRODESCRIPTORS = "directory/cached-microdescs";
    static final String DESCRIPTORS = "directory/cached-descriptors";
    static final int CERTIFICATES_BYTES_MAX = 1 << 20;
    // Ours: an authority has a current signing key and, while it changes, a former one.
    private static final int CERTIFICATES_PER_AUTHORITY_MAX = 4;
    // As C tor (TOLERATE_MICRODESC_AGE, OLD_ROUTER_DESC_MAX_AGE).
    private static final Duration MICRODESCRIPTOR_AGE_MAX = Duration.ofDays(7);
    private static final Duration DESCRIPTOR_AGE_MAX = Duration.ofDays(5);

    private final Storage storage;
    private final Log log;
    private final DirectoryStore store;
    private final DocumentCache microdescriptors;
    private final DocumentCache descriptors;
    private final Map<Flavor, Consensus> consensuses = new EnumMap<>(Flavor.class);
    private final ConsensusListener listener;
    // Read by whoever asks for certificates, too.
    private volatile DirectoryTrust trust;

    DirectoryState(Storage storage, Log log, DirectoryStore store, DirectoryTrust trust, ConsensusListener listener) {
        this.storage = storage;
        this.log = log;
        this.store = store;
        this.trust = trust;
        this.listener = listener;
        this.microdescriptors = new DocumentCache(
                storage, log, MICRODESCRIPTORS, MICRODESCRIPTOR_AGE_MAX, (document, _) -> microdescs(document));
        this.descriptors = new DocumentCache(storage, log, DESCRIPTORS, DESCRIPTOR_AGE_MAX, this::descriptors);
        store.documents(new Texts());
    }

    static String fileOf(Flavor flavor) {
        return switch (flavor) {
            case NS -> "directory/cached-consensus";
            case MICRODESC -> "directory/cached-microdesc-consensus";
        };
    }

    /// Whom to believe, with the certificates at hand.
    DirectoryTrust trust() {
        return trust;
    }

    Optional<Consensus> consensus(Flavor flavor) {
        return Optional.ofNullable(consensuses.get(flavor));
    }

    /// The text of the consensus we hold, from the disk: nobody needs it but once an interval. Null where it is not to
    /// be had.
    byte @Nullable [] consensusText(Flavor flavor) {
        return read(fileOf(flavor), UnverifiedConsensus.BYTES_MAX).orElse(null);
    }

    DocumentCache documents(Flavor flavor) {
        return flavor == Flavor.NS ? descriptors : microdescriptors;
    }

    /// Starts from what lies on disk, after verifying it again.
    void load(Instant now) {
        read(CERTIFICATES, CERTIFICATES_BYTES_MAX).ifPresent(text -> {
            try {
                take(AuthorityCertificate.parseAll(text), now);
            } catch (Malformed e) {
                log.warn("", storage.describe(CERTIFICATES) + " is damaged and will be replaced");
            }
        });
        for (Flavor flavor : Flavor.values()) {
            read(fileOf(flavor), UnverifiedConsensus.BYTES_MAX).ifPresent(text -> loadConsensus(flavor, text, now));
        }
        publish();
    }

    /// Takes certificates of configured authorities; others are passed over.
    ///
    /// @return how many were new
    int offerCertificates(byte[] document, Instant now) throws Malformed {
        int taken = take(AuthorityCertificate.parseAll(document), now);
        if (taken > 0) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            trust.certificates().forEach(certificate -> out.writeBytes(certificate.encoded()));
            write(CERTIFICATES, out.toByteArray());
        }
        return taken;
    }

    /// Replaces the consensus of its flavor by a newer one that deserves belief; otherwise the old one stays.
    Consensus accept(UnverifiedConsensus offered, Instant now) throws Refused, Malformed {
        Consensus verified = verify(offered, now);
        keep(verified, now);
        write(fileOf(verified.flavor()), offered.text());
        publish();
        listener.believed(offered, verified);
        return verified;
    }

    /// Makes the snapshot anew that everybody reads.
    void publish() {
        Consensus ns = consensuses.get(Flavor.NS);
        Consensus microdesc = consensuses.get(Flavor.MICRODESC);
        store.replace(ns, microdesc, index(ns, microdesc));
    }

    private RelayIndex index(@Nullable Consensus ns, @Nullable Consensus microdesc) {
        // Microdescriptors are a tenth of the descriptors' size and come first: their consensus leads unless it lags.
        boolean isNs = microdesc == null || (ns != null && ns.validAfter().isAfter(microdesc.validUntil()));
        Consensus leading = isNs ? ns : microdesc;
        if (leading == null) {
            return RelayIndex.EMPTY;
        }
        DocumentCache facts = documents(leading.flavor());
        return new CompactRelayIndex(leading.relays(), relay -> facts.get(relay.documentDigest()));
    }

    private void loadConsensus(Flavor flavor, byte[] text, Instant now) {
        try {
            UnverifiedConsensus stored = UnverifiedConsensus.parse(text);
            if (stored.flavor() == flavor) {
                Consensus verified = verify(stored, now);
                keep(verified, now);
                listener.believed(stored, verified);
            }
        } catch (Malformed e) {
            log.warn("", storage.describe(fileOf(flavor)) + " is damaged and will be replaced");
        } catch (Refused e) {
            log.info("", "the stored " + flavor.word() + " consensus is of no use: " + e.getMessage());
        }
    }

    private Consensus verify(UnverifiedConsensus offered, Instant now) throws Refused, Malformed {
        Consensus held = consensuses.get(offered.flavor());
        if (held != null && !offered.validAfter().isAfter(held.validAfter())) {
            throw new Refused(Refused.Reason.NOT_WANTED);
        }
        return offered.verify(trust, now);
    }

    private void keep(Consensus consensus, Instant now) {
        consensuses.put(consensus.flavor(), consensus);
        Set<Digest> wanted = new HashSet<>();
        for (RouterStatus relay : consensus.relays()) {
            byte[] digest = relay.documentDigest();
            if (digest != null) {
                wanted.add(new Digest(digest));
            }
        }
        documents(consensus.flavor()).want(wanted, now);
    }

    private int take(List<Unverified<AuthorityCertificate>> offered, Instant now) {
        List<AuthorityCertificate> all = new ArrayList<>(trust.certificates());
        int before = all.size();
        for (Unverified<AuthorityCertificate> one : offered) {
            try {
                AuthorityCertificate certificate = one.verify(trust, now);
                if (trust.certificate(certificate.identity(), certificate.signingKeyDigest()) == null) {
                    all.add(certificate);
                    trust = trust.with(all);
                }
            } catch (Refused | Malformed e) {
                log.debug("", "a certificate is passed over: " + e.getMessage());
            }
        }
        int taken = all.size() - before;
        trust = trust.with(newest(all, now));
        return taken;
    }

    private static List<AuthorityCertificate> newest(List<AuthorityCertificate> all, Instant now) {
        Map<String, List<AuthorityCertificate>> byAuthority = all.stream()
                .filter(certificate -> certificate.expires().isAfter(now))
                .sorted(Comparator.comparing(AuthorityCertificate::published).reversed())
                .collect(Collectors.groupingBy(certificate -> Hex.upper(certificate.identity())));
        return byAuthority.values().stream()
                .flatMap(own -> own.stream().limit(CERTIFICATES_PER_AUTHORITY_MAX))
                .toList();
    }

    private static List<DocumentCache.Parsed> microdescs(byte[] document) throws Malformed {
        return Microdescriptor.parseAll(document).stream()
                .map(one -> new DocumentCache.Parsed(
                        new Digest(one.digest()), new RelayFacts(one.ed25519(), one.ntorKey()), one.encoded(), null))
                .toList();
    }

    private List<DocumentCache.Parsed> descriptors(byte[] document, Instant now) throws Malformed {
        List<DocumentCache.Parsed> out = new ArrayList<>();
        for (Unverified<RouterDescriptor> one : RouterDescriptor.parseAll(document)) {
            try {
                RouterDescriptor descriptor = one.verify(trust, now);
                out.add(new DocumentCache.Parsed(
                        new Digest(descriptor.digest()),
                        new RelayFacts(descriptor.ed25519(), descriptor.ntorKey()),
                        descriptor.encoded(),
                        descriptor.published()));
            } catch (Refused | Malformed e) {
                log.debug("", "a descriptor is passed over: " + e.getMessage());
            }
        }
        return out;
    }

    private Optional<byte[]> read(String name, int bytesMax) {
        try {
            return storage.read(name, bytesMax);
        } catch (IOException e) {
            log.warn("", "cannot read " + storage.describe(name) + "; it will be fetched again");
            return Optional.empty();
        }
    }

    private void write(String name, byte[] text) {
        try {
            storage.write(name, text);
        } catch (ClosedByInterruptException e) {
            log.debug("", "stopped while writing " + storage.describe(name));
        } catch (IOException e) {
            log.warn("", "cannot write " + storage.describe(name) + "; a restart will fetch it again");
        }
    }

    /// What caches hand out.
    private final class Texts implements DirectoryDocuments {
        @Override
        public byte @Nullable [] microdescriptor(byte[] sha256) {
            return microdescriptors.text(sha256);
        }

        @Override
        public @Nullable Descriptor descriptor(byte[] sha1) {
            byte[] text = descriptors.text(sha1);
            Instant published = descriptors.published(sha1);
            return text == null || published == null ? null : new Descriptor(text, published);
        }

        @Override
        public List<AuthorityCertificate> certificates() {
            return trust.certificates();
        }
    }
}
