package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("sallyport \\d+\\.\\d+\\.\\d+.*\\R");
    }

    @Test
    void aWrongCommandLineIsUsage() {
        assertThat(run("rnu")).isEqualTo(ExitCode.USAGE);
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("config", "check")).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void checkingABadFileChangesNothing() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.conf"), "data-directory = \"" + directory + "/data\"\n");
        assertThat(run("config", "check", "--config", file.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(run("identity", "show", "--config", file.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(file + ":1:1: relays: is missing");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void checkingAGoodFileChangesNothingEither() throws Exception {
        Path file = goodFile();
        assertThat(run("config", "check", "--config", file.toString())).isZero();
        assertThat(out.toString()).isEqualTo(file + ": good, 2 relays\n");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    /// Scripts read this output: only the array, in the file's order, the same at every call.
    @Test
    void identitiesAreShownAsJsonAndStay() throws Exception {
        Path file = goodFile();
        assertThat(run("identity", "show", "--config", file.toString(), "--json"))
                .isZero();
        String first = out.toString();
        String relay = "\\{\"id\": \"%s\", \"nickname\": \"%s\", \"fingerprint\": \"[0-9A-F]{40}\","
                + " \"ed25519\": \"[A-Za-z0-9+/]{43}\", \"addresses\": \\[%s\\]\\}";
        assertThat(first)
                .matches("\\[\n  " + relay.formatted("zz", "sally1", "\"192.0.2.1\", \"2001:db8::1\"") + ",\n  "
                        + relay.formatted("sally2", "sally2", "\"192.0.2.2\"") + "\n\\]\n");
        assertThat(err.toString()).isEmpty();

        out.getBuffer().setLength(0);
        assertThat(run("identity", "show", "--config", file.toString(), "--json"))
                .isZero();
        assertThat(out.toString()).isEqualTo(first);
    }

    /// A corrupt key stops its relay alone, is named, and is not overwritten.
    @Test
    void aCorruptKeyIsNamedAndTheOthersAreShown() throws Exception {
        Path file = goodFile();
        run("identity", "show", "--config", file.toString());
        Path key = directory.resolve("data/relays/zz/keys/ed25519_master_id_secret_key");
        Files.writeString(key, "rubbish");

        out.getBuffer().setLength(0);
        assertThat(run("identity", "show", "--config", file.toString())).isEqualTo(ExitCode.PARTIAL);
        assertThat(out.toString().lines()).hasSize(2).last().asString().startsWith("sally2");
        assertThat(err.toString()).startsWith("zz: ").contains(key.toString());
        assertThat(key).hasContent("rubbish");
    }

    /// Looking makes no key, says what is missing, and names the file that cannot be used.
    @Test
    void identitiesAreCheckedWithoutTouchingThem() throws Exception {
        Path file = goodFile();
        assertThat(run("identity", "check", "--config", file.toString())).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("D155 note: zz has no keys")
                .contains("D143 warning: without contact: zz, sally2");
        assertThat(directory.resolve("data/relays")).doesNotExist();

        run("identity", "show", "--config", file.toString());
        Files.delete(directory.resolve("data/relays/zz/keys/secret_id_key"));
        Path signing = directory.resolve("data/relays/sally2/keys/ed25519_signing_secret_key");
        Files.delete(signing);
        out.getBuffer().setLength(0);
        assertThat(run("identity", "check", "--config", file.toString(), "--json"))
                .isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("\"id\": \"D155\"")
                .contains("secret_id_key")
                .contains("ed25519_signing_secret_key");
        assertThat(signing).doesNotExist();
        assertThat(directory.resolve("data/relays/zz/keys/secret_id_key")).doesNotExist();
    }

    @Test
    void aFamilyKeyIsMadeOnce() {
        Path keys = directory.resolve("family-keys");
        String[] verb = {"identity", "family-keygen", "--directory", keys.toString(), "ours"};
        assertThat(run(verb)).isZero();
        assertThat(out.toString()).matches("family\\.ids = \\[\"[A-Za-z0-9+/]{43}\"\\]\n");
        assertThat(keys.resolve("ours.public_family_id")).content().hasSize(44);

        assertThat(run(verb)).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("ours.secret_family_key: exists already");
        verb[4] = "../ours";
        assertThat(run(verb)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatProvesTheSiteIsWrittenButNeverBesideASecret() throws Exception {
        Path file = goodFile();
        Path site = directory.resolve("site/tor-relay");
        String[] verb = {"identity", "proof-files", "--config", file.toString(), "--directory", site.toString()};
        assertThat(run("identity", "family-keygen", "--directory", directory + "/data/family-keys", "ours"))
                .isZero();
        Files.writeString(file, Files.readString(file) + out);
        assertThat(run(verb)).isZero();
        assertThat(site.resolve("rsa-fingerprint.txt")).content().matches("([0-9A-F]{40}\n){2}");
        assertThat(site.resolve("ed25519-master-pubkey.txt")).content().matches("([A-Za-z0-9+/]{43}\n){2}");
        assertThat(site.resolve("ed25519-family-id.txt"))
                .content()
                .matches("[A-Za-z0-9+/]{43}\n")
                .isEqualTo(Files.readString(directory.resolve("data/family-keys/ours.public_family_id")));

        Files.delete(site.resolve("rsa-fingerprint.txt"));
        for (String secret : List.of("ours.secret_family_key", "notes.txt", "id.txt")) {
            Path kept = site.resolve(secret);
            Files.writeString(kept, secret.equals("notes.txt") ? "-----BEGIN PRIVATE KEY-----\n" : "A".repeat(88));
            assertThat(run(verb)).as(secret).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString()).contains(kept + ": looks like a secret key");
            assertThat(site.resolve("rsa-fingerprint.txt")).doesNotExist();
            Files.delete(kept);
        }
        assertThat(run(verb)).isZero();
    }

    @Test
    void theDoctorSaysWhatToDo() throws Exception {
        Path file = goodFile();
        assertThat(run("doctor", "--config", file.toString())).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("D111 error: 2001:db8::1 is no address of this machine\n     why:  ")
                .contains("     next: ip address add 2001:db8::1/64 dev DEVICE")
                .containsPattern("\n[0-9]+ findings\n");
        out.getBuffer().setLength(0);
        assertThat(run("doctor", "--config", file.toString(), "--json")).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).startsWith("[{\"id\": \"D111\", \"severity\": \"error\", ");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aMasterKeyIsMadeAndASigningKeyRenewedWithAPassphraseFromAFile() throws Exception {
        String keys = directory.resolve("safe/keys").toString();
        String secret =
                Files.writeString(directory.resolve("secret"), "open sesame\n").toString();
        assertThat(run("identity", "keygen", "--keys", keys, "--passphrase-file", secret))
                .isZero();
        assertThat(out.toString())
                .matches("fingerprint [0-9A-F]{40}\ned25519 [A-Za-z0-9+/]{43}\nsigning key valid until [0-9TZ:-]+\n");
        String identity = out.toString().substring(0, out.toString().indexOf("signing"));

        out.getBuffer().setLength(0);
        assertThat(run("identity", "renew", "--keys", keys, "--passphrase-file", secret, "--days", "99"))
                .isZero();
        assertThat(out.toString()).startsWith(identity);
        Files.writeString(directory.resolve("secret"), "wrong");
        assertThat(run("identity", "renew", "--keys", keys, "--passphrase-file", secret))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("is not opened by this passphrase");
        assertThat(run("identity", "renew", "--keys", keys, "--days", "0")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void keysAreExplainedWithTheirPlacesInAFile() throws Exception {
        String file = goodFile().toString();
        assertThat(run("config", "explain", "ORPort", "contact", "--config", file))
                .isZero();
        assertThat(out.toString())
                .contains("relays[].or-port\n  1 to 65535, the port of each of these addresses.")
                .contains("  torrc:      ORPort\n")
                .contains("  relays[0].or-port (sally1): 9001   " + file + ":3\n")
                .contains("  relays[1].or-port (sally2): 9001   " + file + ":4\n")
                .contains("  relays[1].contact (sally2): not set\n")
                .doesNotContain("`");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void ofAWrongLineOnlyWhatIsWrongIsCorrected() throws Exception {
        assertThat(run("plan", "--config", goodFile().toString(), "--jsn", "--exclude"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString())
                .contains("--jsn is no option; did you mean --json?\n")
                .doesNotContain("--config is no option")
                .doesNotContain("--exclude is no option");
    }

    @Test
    void allKeysAreListedAndAnUnknownOneIsNearOne() {
        assertThat(run("config", "explain")).isZero();
        assertThat(out.toString()).contains("data-directory ").contains("\nrelays[].exit-policy ");
        assertThat(run("config", "explain", "exitpolcy")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).isEqualTo("\"exitpolcy\" is not a known key; did you mean exit-policy?\n");
    }

    @Test
    void aFleetIsCheckedAndShownWithPlacesOfEachValue() throws Exception {
        Path file = Files.writeString(directory.resolve("fleet.conf"), """
                data-directory = "%s/data"
                fleet.defaults.or-port = 443
                pools { a.ipv4 = 198.51.100.0/29, b.ipv4 = 203.0.113.0/29 }
                hosts { alpha { pools = a }, beta { pools = b } }
                groups.exits { count = 3, nickname = "exit{n}" }
                """.formatted(directory));
        assertThat(run("config", "check", "--config", file.toString())).isZero();
        assertThat(out.toString()).isEqualTo(file + ": good, 3 relays: 2 on alpha, 1 on beta\n");

        assertThat(run("config", "effective", "exits-2", "--config", file.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("\nexits-2 on beta\n")
                .contains("  nickname = \"exit2\"   # " + file + ":5\n")
                .contains("  or-port = 443   # " + file + ":2\n")
                .doesNotContain("exits-1");
        assertThat(run("config", "effective", "exits-9", "--config", file.toString()))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).endsWith("has no relay exits-9\n");

        out.getBuffer().setLength(0);
        assertThat(run("config", "explain", "or-port", "pools.NAME.ipv4", "--config", file.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("  fleet.defaults.or-port: 443   " + file + ":2\n")
                .contains("  pools.b.ipv4: 203.0.113.0/29   " + file + ":3\n");
    }

    @Test
    void anOptionWithoutAKeyIsExplainedByItsReason() {
        assertThat(run("config", "explain", "safelogging", "ORPort")).isZero();
        assertThat(out.toString())
                .startsWith("SafeLogging of torrc has no key here\n  Nothing to switch: no address of a client")
                .contains("\nrelays[].or-port\n");
        assertThat(err.toString()).isEmpty();
    }

    private Path goodFile() throws Exception {
        return Files.writeString(directory.resolve("good.conf"), """
                data-directory = "%s/data"
                relays = [
                  { id = zz, nickname = sally1, address = [192.0.2.1, "2001:db8::1"], or-port = 9001 }
                  { nickname = sally2, address = 192.0.2.2, or-port = 9001 }
                ]
                """.formatted(directory));
    }

    private int run(String... arguments) {
        return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
