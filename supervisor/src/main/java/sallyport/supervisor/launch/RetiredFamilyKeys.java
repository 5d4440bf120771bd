package sallyport.supervisor.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Family keys that no relay shows any more, out of the way of `family.ids = "*"`. Nothing is destroyed
/// here: another host may need a copy until it has finished, too.
final class RetiredFamilyKeys {
    private static final String DIRECTORY = "retired";
    private static final String SECRET = ".secret_family_key";
    private static final String PUBLIC = ".public_family_id";

    private RetiredFamilyKeys() {}

    /// Moves the files of these families below `retired/`. Which file is whose the public one beside it
    /// says; a secret without one stays.
    ///
    /// @return where the secrets are now
    static List<String> retire(Path keys, List<String> ids) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(keys)) {
            files = all.filter(file -> file.toString().endsWith(PUBLIC))
                    .sorted()
                    .toList();
        }
        Path away = keys.resolve(DIRECTORY);
        List<String> retired = new ArrayList<>();
        for (Path file : files) {
            if (!ids.contains(Files.readString(file).strip())) {
                continue;
            }
            Files.createDirectories(
                    away, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            String name = String.valueOf(file.getFileName()).replace(PUBLIC, "");
            Path secret = keys.resolve(name + SECRET);
            if (Files.exists(secret)) {
                Files.move(secret, away.resolve(name + SECRET), StandardCopyOption.ATOMIC_MOVE);
                retired.add(away.resolve(name + SECRET).toString());
            }
            Files.move(file, away.resolve(name + PUBLIC), StandardCopyOption.ATOMIC_MOVE);
        }
        return retired;
    }
}
