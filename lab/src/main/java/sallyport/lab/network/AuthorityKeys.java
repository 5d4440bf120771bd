package sallyport.lab.network;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.KeyFileException;
import sallyport.lab.authority.AuthorityKeyFiles;
import sallyport.lab.process.Leash;
import sallyport.lab.process.Programs;
import sallyport.lab.synthetic.MemoryStorage;

/// The keys of one authority: those of its relay made by C tor, those it votes with by tor-gencert or by
/// us.
///
/// @param v3Identity fingerprint of the authority's voting identity, 40 hex digits
/// @param fingerprint of its relay identity, 40 hex digits
record AuthorityKeys(String v3Identity, String fingerprint) {
    private static final int CERTIFICATE_MONTHS = 12;

    /// Makes both kinds of keys in a DataDirectory. Takes a second or two of one processor, for 3072-bit
    /// RSA.
    ///
    /// @param ours whether to make those it votes with ourselves
    static AuthorityKeys make(Leash leash, TorNode.Place place, boolean ours) throws IOException, InterruptedException {
        Path data = place.directory().resolve("data");
        Path keys = Files.createDirectory(
                data.resolve("keys"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String v3Identity = ours ? makeOurs(place, keys) : makeTheirs(leash, place, keys);
        return new AuthorityKeys(v3Identity, relayFingerprint(leash, place, data));
    }

    private static String makeOurs(TorNode.Place place, Path keys) throws IOException {
        MemoryStorage made = new MemoryStorage();
        RelayAddress address = Objects.requireNonNull(RelayAddress.parseIp(place.address(), place.dirPort()));
        try {
            String v3Identity = new AuthorityKeyFiles(
                            made, "keys", AuthorityKeyFiles.Making.usual(address, Rsa::generate))
                    .open(Instant.now())
                    .v3Identity();
            for (String file : made.list("keys")) {
                Files.write(
                        keys.resolve(file),
                        made.read("keys/" + file, Integer.MAX_VALUE).orElseThrow());
            }
            return v3Identity;
        } catch (KeyFileException e) {
            throw new IOException(e);
        }
    }

    private static String makeTheirs(Leash leash, TorNode.Place place, Path keys)
            throws IOException, InterruptedException {
        Path certificate = keys.resolve("authority_certificate");
        run(
                leash,
                "pw\n",
                place,
                List.of(
                        Programs.torGencert().toString(),
                        "--create-identity-key",
                        "--passphrase-fd",
                        "0",
                        "-i",
                        keys.resolve("authority_identity_key").toString(),
                        "-s",
                        keys.resolve("authority_signing_key").toString(),
                        "-c",
                        certificate.toString(),
                        "-m",
                        Integer.toString(CERTIFICATE_MONTHS),
                        "-a",
                        place.address() + ":" + place.dirPort()));
        return Files.readAllLines(certificate).stream()
                .filter(line -> line.startsWith("fingerprint "))
                .findFirst()
                .orElseThrow(() -> new IOException("tor-gencert wrote no fingerprint"))
                .substring("fingerprint ".length());
    }

    /// The torrc line, without the keyword, that makes others trust this authority.
    String line(TorNode.Place place) {
        return place.nickname() + " orport=" + place.orPort() + " no-v2 v3ident=" + v3Identity + " " + place.address()
                + ":" + place.dirPort() + " " + fingerprint;
    }

    // C tor makes the keys, and a file of that name, as it prints the fingerprint. It refuses a test network without an
    // authority, so it gets
    // one that nobody will ever ask.
    private static String relayFingerprint(Leash leash, TorNode.Place place, Path data)
            throws IOException, InterruptedException {
        Path empty = place.directory().resolve("empty");
        run(
                leash,
                "",
                place,
                List.of(
                        Programs.tor().toString(),
                        "--defaults-torrc",
                        empty.toString(),
                        "-f",
                        empty.toString(),
                        "--list-fingerprint",
                        "--hush",
                        "--TestingTorNetwork",
                        "1",
                        "--DataDirectory",
                        data.toString(),
                        "--Nickname",
                        place.nickname(),
                        "--Address",
                        place.address(),
                        "--ORPort",
                        place.address() + ":" + place.orPort(),
                        "--SocksPort",
                        "0",
                        "--DirAuthority",
                        "x 127.0.0.1:1 0000000000000000000000000000000000000000"));
        return Files.readString(data.resolve("fingerprint")).strip().split(" ", -1)[1];
    }

    private static void run(Leash leash, String input, TorNode.Place place, List<String> command)
            throws IOException, InterruptedException {
        Process process = leash.start(new ProcessBuilder(command)
                .directory(place.directory().toFile())
                .redirectErrorStream(true));
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.US_ASCII));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.getFirst() + " failed: " + output.strip());
        }
    }
}
