package sallyport.engine.identity;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Storage;

/// All keys of one instance. Opening and renewing block on the disk and on RSA: control tasks only. The
/// getters are snapshots and may be called from any thread.
///
/// The files are C tor's, under `relays/ID/keys/`, with `fingerprint`, `fingerprint-ed25519` and `state`
/// beside that directory. Whatever makes or changes a file holds the lock file `relays/ID/keys.lock`, so
/// that several processes may open the same identity.
public final class RelayKeys {
    /// C tor's defaults of the consensus parameters `onion-key-rotation-days` and
    /// `onion-key-grace-period-days`.
    public static final int ONION_ROTATION_DAYS = 28;

    public static final int ONION_GRACE_DAYS = 7;

    /// C tor: "2 hours", how long a TLS context lives.
    private static final Duration LINK_KEY_LIFETIME = Duration.ofHours(2);

    /// C tor's interval for the same warning: who calls every half minute shall not fill the log.
    private static final Duration COMPLAINT_INTERVAL = Duration.ofHours(1);

    // Ours: C tor warns a day before, which is short for somebody who has to open a safe.
    private static final Duration REMINDER_AHEAD = Duration.ofDays(7);
    private static final Duration REMINDER_INTERVAL = Duration.ofDays(1);

    private final Storage storage;
    private final String lockName;
    private final KeyFiles files;
    private final KeyFiles relay;
    private final Entropy entropy;
    private final InstantSource clock;
    private final LinkCredentialsMaker maker;
    private final Supplier<KeyLifetimes> lifetimes;
    // One renewal at a time; readers never wait.
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile Snapshot now;
    // Guarded by `renewing`.
    private @Nullable Instant complained;
    private @Nullable Instant reminded;

    private record Snapshot(IdentityKeys keys, OnionKeyFiles onion, LinkCredentials link, Instant linkMade) {}

    private RelayKeys(
            Storage storage,
            String directory,
            Entropy entropy,
            InstantSource clock,
            Supplier<KeyLifetimes> lifetimes,
            int linkKeyBits)
            throws KeyFileException, IOException {
        String parent = parentOf(directory);
        this.storage = storage;
        this.entropy = entropy;
        this.clock = clock;
        lockName = lockOf(directory);
        files = new KeyFiles(storage, directory);
        relay = new KeyFiles(storage, parent);
        this.lifetimes = lifetimes;
        maker = new LinkCredentialsMaker(
                entropy, linkKeyBits, () -> lifetimes.get().linkCertificate());
        Instant time = clock.instant();
        now = locked(() -> {
            IdentityKeys keys =
                    IdentityKeys.load(files, entropy, time, lifetimes.get().signing());
            OnionKeyFiles onion = OnionKeyFiles.load(files, relay, entropy, time);
            return new Snapshot(keys, onion, maker.make(keys, time), time);
        });
    }

    /// Loads the keys of an instance, makes those that are missing, and renews a signing key about to end.
    /// Never overwrites a file it could not use.
    /// @param directory `relays/ID/keys`
    /// @throws KeyFileException names the file and what is wrong with it
    /// @throws IOException when the lock file cannot be had
    public static RelayKeys open(Storage storage, String directory, Entropy entropy, InstantSource clock)
            throws KeyFileException, IOException {
        return open(storage, directory, entropy, clock, () -> KeyLifetimes.DEFAULT);
    }

    /// The same with keys of other lifetimes.
    /// @param lifetimes asked whenever a key is made
    public static RelayKeys open(
            Storage storage, String directory, Entropy entropy, InstantSource clock, Supplier<KeyLifetimes> lifetimes)
            throws KeyFileException, IOException {
        return new RelayKeys(storage, directory, entropy, clock, lifetimes, Rsa.LINK_BITS);
    }

    /// With link keys of another length: a test opens many relays and need not wait for 2048 bits each
    /// time.
    static RelayKeys open(Storage storage, String directory, Entropy entropy, InstantSource clock, int linkKeyBits)
            throws KeyFileException, IOException {
        return open(storage, directory, entropy, clock, () -> KeyLifetimes.DEFAULT, linkKeyBits);
    }

    static RelayKeys open(
            Storage storage,
            String directory,
            Entropy entropy,
            InstantSource clock,
            Supplier<KeyLifetimes> lifetimes,
            int linkKeyBits)
            throws KeyFileException, IOException {
        return new RelayKeys(storage, directory, entropy, clock, lifetimes, linkKeyBits);
    }

    /// The identity alone, made where it is missing, for showing it: without the link key, which takes
    /// most of the time of [#open].
    /// @param directory `relays/ID/keys`
    /// @throws KeyFileException names the file and what is wrong with it
    /// @throws IOException when the lock file cannot be had
    /// @param lifetimes of a signing key that is made
    public static RelayIdentity identityIn(
            Storage storage, String directory, Entropy entropy, InstantSource clock, KeyLifetimes lifetimes)
            throws KeyFileException, IOException {
        KeyFiles files = new KeyFiles(storage, directory);
        return locked(
                        storage,
                        lockOf(directory),
                        () -> IdentityKeys.load(files, entropy, clock.instant(), lifetimes.signing()))
                .identity();
    }

    /// The same; a signing key that is made has C tor's lifetime.
    public static RelayIdentity identityIn(Storage storage, String directory, Entropy entropy, InstantSource clock)
            throws KeyFileException, IOException {
        return identityIn(storage, directory, entropy, clock, KeyLifetimes.DEFAULT);
    }

    public RelayIdentity identity() {
        return now.keys().identity();
    }

    public OnionKeys onionKeys() {
        return now.onion().keys();
    }

    public LinkCredentials linkCredentials() {
        return now.link();
    }

    public SigningMaterial signing() {
        Snapshot snapshot = now;
        return new SigningMaterial(
                snapshot.keys(), snapshot.onion().tap(), snapshot.onion().keys().current());
    }

    /// When the certificate of the signing key ends; it is renewed a day before where the master secret is
    /// at hand.
    public Instant signingKeyExpires() {
        return now.keys().signingCert().expires();
    }

    /// As the other [#renewIfDue(int, int)], with the defaults of the consensus parameters.
    public boolean renewIfDue() throws KeyFileException, IOException {
        return renewIfDue(ONION_ROTATION_DAYS, ONION_GRACE_DAYS);
    }

    /// Renews what is due: the link key after two hours, the signing key a day before its end, the onion
    /// key after so many days. Returns whether the descriptor must be published anew. Costs nothing when
    /// nothing is due.
    /// @param onionRotationDays consensus parameter `onion-key-rotation-days`
    /// @param onionGraceDays consensus parameter `onion-key-grace-period-days`: how long the previous one
    /// works
    /// @throws KeyFileException when something due cannot be renewed, once an hour; what could be, was,
    /// and what is there stays in use
    public boolean renewIfDue(int onionRotationDays, int onionGraceDays) throws KeyFileException, IOException {
        renewing.lock();
        try {
            Instant time = clock.instant();
            Faults faults = new Faults();
            boolean onionChanged = faults.unless(() -> renewOnion(time, onionRotationDays, onionGraceDays));
            boolean signingChanged = faults.unless(() -> renewSigning(time));
            renewLink(signingChanged, time);
            faults.complain(time);
            return onionChanged || signingChanged;
        } finally {
            renewing.unlock();
        }
    }

    /// Reads the identity and signing keys again although nothing is due: an operator who keeps the master
    /// secret elsewhere may have put a new signing key there. Returns whether the descriptor must be
    /// published anew.
    /// @throws KeyFileException names the file that cannot be used; the keys in use stay in use
    public boolean reload() throws KeyFileException, IOException {
        renewing.lock();
        try {
            Instant time = clock.instant();
            boolean changed = readSigning(time);
            renewLink(changed, time);
            return changed;
        } finally {
            renewing.unlock();
        }
    }

    /// Writes `fingerprint` and `fingerprint-ed25519` beside the key directory, as C tor does, where they
    /// say anything else.
    public void writeFingerprints(String nickname) throws KeyFileException {
        RelayIdentity identity = identity();
        writeIfOther("fingerprint", nickname + " " + identity.fingerprint() + "\n");
        writeIfOther("fingerprint-ed25519", nickname + " " + Base64Text.unpadded(identity.ed25519()) + "\n");
    }

    /// The lines of the file `state`; none when it is missing.
    public List<String> stateLines() throws KeyFileException {
        return StateFile.lines(relay);
    }

    /// Puts `fresh` in the place of all lines of `state` that begin with one of these keywords.
    public void replaceStateLines(List<String> keywords, List<String> fresh) throws KeyFileException, IOException {
        locked(() -> {
            StateFile.replace(relay, keywords, fresh);
            return fresh;
        });
    }

    private boolean renewOnion(Instant time, int rotationDays, int graceDays) throws KeyFileException, IOException {
        Snapshot before = now;
        OnionKeyFiles onion = before.onion();
        if (onion.isOlderThan(rotationDays, time)) {
            OnionKeyFiles rotated = locked(() -> onion.rotate(files, relay, entropy, time));
            now = new Snapshot(before.keys(), rotated, before.link(), before.linkMade());
            return true;
        }
        if (onion.keys().previous() != null && onion.isOlderThan(graceDays, time)) {
            OnionKeyFiles alone = locked(() -> onion.withoutPrevious(files));
            now = new Snapshot(before.keys(), alone, before.link(), before.linkMade());
        }
        return false;
    }

    private boolean renewSigning(Instant time) throws KeyFileException, IOException {
        if (!now.keys().isDue(time) && !isReminderDue(time)) {
            return false;
        }
        if (!readSigning(time)) {
            throw files.fault(
                    KeyFiles.SIGNING_CERT,
                    "ends at " + signingKeyExpires()
                            + ", and the master secret is not here to make a new one: make it where it is, with"
                            + " `sallyport identity renew` or `tor --keygen`, and copy it here before that time");
        }
        return true;
    }

    /// Whether an operator who has to fetch the master secret from elsewhere should hear of it already.
    private boolean isReminderDue(Instant time) {
        if (signingKeyExpires().isAfter(time.plus(REMINDER_AHEAD))
                || (reminded != null && time.isBefore(reminded.plus(REMINDER_INTERVAL)))
                || files.exists(KeyFiles.MASTER_SECRET)) {
            return false;
        }
        reminded = time;
        return true;
    }

    /// Takes over what the files hold; returns whether that is another signing key than the one in use.
    private boolean readSigning(Instant time) throws KeyFileException, IOException {
        Snapshot before = now;
        IdentityKeys fresh = locked(
                () -> IdentityKeys.load(files, entropy, time, lifetimes.get().signing()));
        RelayIdentity identity = before.keys().identity();
        if (!Arrays.equals(fresh.identity().ed25519(), identity.ed25519())
                || !Arrays.equals(fresh.identity().rsaDigest(), identity.rsaDigest())) {
            throw files.fault(KeyFiles.MASTER_PUBLIC, "is now another identity than that of the running relay");
        }
        boolean changed = !Arrays.equals(
                fresh.signingCert().encoded(), before.keys().signingCert().encoded());
        if (changed) {
            now = new Snapshot(fresh, before.onion(), before.link(), before.linkMade());
        }
        return changed;
    }

    /// A new signing key needs new certificates below it, whatever their age.
    private void renewLink(boolean signingChanged, Instant time) {
        Snapshot snapshot = now;
        Duration age = Duration.between(snapshot.linkMade(), time);
        // A clock set back by more than that would keep the old ones for too long.
        boolean due = age.compareTo(LINK_KEY_LIFETIME) >= 0 || age.compareTo(LINK_KEY_LIFETIME.negated()) <= 0;
        if (due || signingChanged) {
            now = new Snapshot(snapshot.keys(), snapshot.onion(), maker.make(snapshot.keys(), time), time);
        }
    }

    @FunctionalInterface
    private interface Renewal {
        boolean run() throws KeyFileException, IOException;
    }

    /// Lets every renewal have its turn, and complains of the first that failed.
    private final class Faults {
        private @Nullable KeyFileException first;

        boolean unless(Renewal renewal) throws IOException {
            try {
                return renewal.run();
            } catch (KeyFileException e) {
                first = first == null ? e : first;
                return false;
            }
        }

        void complain(Instant time) throws KeyFileException {
            Instant quietUntil = complained == null ? Instant.MIN : complained.plus(COMPLAINT_INTERVAL);
            if (first != null && !time.isBefore(quietUntil)) {
                complained = time;
                throw first;
            }
        }
    }

    private void writeIfOther(String file, String text) throws KeyFileException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(relay.read(file).orElse(new byte[0]), content)) {
            relay.writeText(file, text);
        }
    }

    @FunctionalInterface
    private interface KeyWork<T> {
        T run() throws KeyFileException;
    }

    static String parentOf(String directory) {
        String parent = directory.substring(0, Math.max(0, directory.lastIndexOf('/')));
        if (parent.isEmpty()) {
            throw new IllegalArgumentException("a key directory without a relay's directory around it");
        }
        return parent;
    }

    private static String lockOf(String directory) {
        return parentOf(directory) + "/keys.lock";
    }

    @FunctionalInterface
    interface FilesWork<T> {
        T run(KeyFiles files) throws KeyFileException;
    }

    /// Works on a directory of keys while holding its lock file.
    static <T> T withFiles(Storage storage, String directory, FilesWork<T> work) throws KeyFileException, IOException {
        return locked(storage, lockOf(directory), () -> work.run(new KeyFiles(storage, directory)));
    }

    private <T> T locked(KeyWork<T> work) throws KeyFileException, IOException {
        return locked(storage, lockName, work);
    }

    private static <T> T locked(Storage storage, String lockName, KeyWork<T> work)
            throws KeyFileException, IOException {
        try {
            return storage.locked(lockName, () -> {
                try {
                    return work.run();
                } catch (KeyFileException e) {
                    throw new Carrier(e);
                }
            });
        } catch (Carrier e) {
            throw e.fault;
        }
    }

    /// Brings a fault out of the lock's body, which may throw nothing but [IOException].
    private static final class Carrier extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient KeyFileException fault;

        Carrier(KeyFileException fault) {
            super(fault);
            this.fault = fault;
        }
    }
}
