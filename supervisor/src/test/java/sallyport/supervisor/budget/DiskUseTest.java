package sallyport.supervisor.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.budget.DiskUse.Part;

class DiskUseTest {
    @TempDir
    Path data;

    private long nanos = 5;

    @Test
    void eachFileCountsForWhatItIsFor() throws Exception {
        write("dircache/consensus", 1);
        write("directory/cached-descriptors", 2);
        write("applied/000001/lock", 4);
        write("relays/exits-1/stats/bridge", 8);
        write("relays/exits-1/keys/state", 16);
        write("relays/exits-1/keys/secret_id_key", 32);
        write("lock", 64);

        DiskUse use = DiskUse.of(data);

        assertThat(use.bytes())
                .isEqualTo(Map.of(
                        Part.DIRECTORY_CACHE,
                        1L,
                        Part.DIRECTORY,
                        2L,
                        Part.APPLIED,
                        4L,
                        Part.HISTORY,
                        24L,
                        Part.OTHER,
                        96L));
        assertThat(use.freeBytes()).isPositive();
    }

    @Test
    void whatIsNotThereCannotBeSeen() {
        assertThatThrownBy(() -> DiskUse.of(data.resolve("gone"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void whoeverAsksOftenIsToldTheSameForAMinute() throws Exception {
        DiskWatch watch = new DiskWatch(data, () -> nanos);
        write("lock", 1);
        assertThat(watch.look().bytes()).containsEntry(Part.OTHER, 1L);
        write("lock", 2);
        nanos += DiskWatch.FRESH_NANOS - 1;
        assertThat(watch.look().bytes()).containsEntry(Part.OTHER, 1L);
        nanos++;
        assertThat(watch.look().bytes()).containsEntry(Part.OTHER, 2L);
    }

    private void write(String name, int bytes) throws Exception {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
    }
}
