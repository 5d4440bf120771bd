package sallyport.supervisor.launch;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sallyport.engine.world.Storage;

/// A change of the family key on its way, between its two phases. It is written down in the data
/// directory, without a secret.
///
/// @param name of the new key's files
/// @param newId 43 characters of base64, as `oldIds`
/// @param oldIds that go when the rotation ends; several when rotations were cut short
/// @param notBefore when the second phase may begin
record FamilyRotation(String name, String newId, List<String> oldIds, Instant begun, Instant notBefore) {
    // Ours. A descriptor may be 18 hours old, a validator's view a day more, and clients keep microdescriptors for a
    // week: by then whoever believes the old id alone is gone.
    static final Duration WAIT = Duration.ofDays(7);

    private static final String FILE = "family-rotation.json";
    private static final int FILE_BYTES_MAX = 1 << 16;
    private static final int VERSION = 1;
    private static final ConfigRenderOptions JSON =
            ConfigRenderOptions.concise().setFormatted(true).setJson(true);

    FamilyRotation {
        oldIds = List.copyOf(oldIds);
    }

    /// The one on its way; empty when there is none.
    ///
    /// @throws IOException also when the file is not ours
    static Optional<FamilyRotation> in(Storage storage) throws IOException {
        Optional<byte[]> content = storage.read(FILE, FILE_BYTES_MAX);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            Config json = ConfigFactory.parseString(new String(content.get(), StandardCharsets.UTF_8));
            if (json.getInt("sallyport-family-rotation") != VERSION) {
                throw new IOException(storage.describe(FILE) + ": is of another version of sallyport");
            }
            return Optional.of(new FamilyRotation(
                    json.getString("name"),
                    json.getString("new-id"),
                    json.getStringList("old-ids"),
                    Instant.parse(json.getString("begun")),
                    Instant.parse(json.getString("not-before"))));
        } catch (ConfigException | DateTimeException e) {
            throw new IOException(
                    storage.describe(FILE) + ": cannot be read; remove it, and the rotation begins anew", e);
        }
    }

    void write(Storage storage) throws IOException {
        String json = ConfigValueFactory.fromMap(Map.of(
                        "sallyport-family-rotation",
                        VERSION,
                        "name",
                        name,
                        "new-id",
                        newId,
                        "old-ids",
                        oldIds,
                        "begun",
                        begun.toString(),
                        "not-before",
                        notBefore.toString()))
                .render(JSON);
        storage.write(FILE, json.getBytes(StandardCharsets.UTF_8));
    }

    /// It has ended.
    static void remove(Storage storage) throws IOException {
        storage.delete(FILE);
    }

    boolean isTooEarly(Instant now) {
        return now.isBefore(notBefore);
    }

    /// What has to be done between the phases, one step a line.
    ///
    /// @param dataDirectory of every host, as the configuration says it
    /// @param hosts the others
    List<String> steps(String dataDirectory, List<String> hosts, boolean all) {
        String keyFile = dataDirectory + "/family-keys/" + name + ".secret_family_key";
        String both = String.join("\", \"", oldIds) + "\", \"" + newId;
        return List.of(
                "1. "
                        + (hosts.isEmpty()
                                ? "other machines of the family: copy " + keyFile + " there, mode 0600"
                                : "copy " + keyFile + " to the same place on " + String.join(", ", hosts)
                                        + ", mode 0600"),
                "2. "
                        + (all
                                ? "family.ids is \"*\", so that both keys are shown once they are read:"
                                : "in the configuration: family.ids = [\"" + both + "\"];")
                        + " apply, or send SIGHUP, on every host",
                "3. write both ids into ed25519-family-id.txt of your site: sallyport identity proof-files",
                "4. wait until " + notBefore + "; sallyport identity check says what is still missing",
                "5. sallyport identity family rotate --finish");
    }
}
