package sallyport.lab.dirauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryResponse;
import sallyport.engine.world.RealWorld;

/// What an authority asks the others for, and whom.
class OtherAuthoritiesTest {
    private static final String PATH = "/tor/server/d/";
    private static final int PER_REQUEST = 96;

    @TempDir
    Path files;

    private static Authority authority(String nickname, int number) throws Exception {
        return Authority.parse(nickname + " orport=1 v3ident=" + "0" + number + "A".repeat(38) + " 127.0.0." + number
                + ":7000 " + "0" + number + "B".repeat(38));
    }

    /// The first has half of them, the second is down, and the third has the rest.
    @Test
    void descriptorsAreAskedOfOneAfterTheOther() throws Exception {
        Set<String> wanted = new LinkedHashSet<>();
        for (int i = 0; i < PER_REQUEST + 4; i++) {
            wanted.add("%040X".formatted(i));
        }
        Set<String> held = ConcurrentHashMap.newKeySet();
        List<String> asked = new CopyOnWriteArrayList<>();
        try (RealWorld world = new RealWorld(files, 1, (_, _, _) -> {})) {
            OtherAuthorities others = new OtherAuthorities(
                    world,
                    "us",
                    List.of(authority("one", 1), authority("two", 2), authority("three", 3)),
                    (authority, request) -> {
                        List<String> digests =
                                List.of(request.path().substring(PATH.length()).split("\\+", -1));
                        asked.add(authority.nickname() + " " + digests.size());
                        if (authority.nickname().equals("two")) {
                            throw new IOException("down");
                        }
                        List<String> had = digests.stream()
                                .filter(each ->
                                        authority.nickname().equals("three") || Integer.parseInt(each, 16) % 2 == 0)
                                .toList();
                        byte[] body = String.join(" ", had).getBytes(StandardCharsets.US_ASCII);
                        return new DirectoryResponse(200, "OK", Map.of(), body);
                    });
            others.askForDescriptors(
                    wanted,
                    held::contains,
                    body -> held.addAll(List.of(new String(body, StandardCharsets.US_ASCII).split(" ", -1))));
            await().untilAsserted(() -> assertThat(held).isEqualTo(wanted));
            assertThat(asked).containsExactly("one 96", "one 4", "two 50", "three 50");
            others.askForDescriptors(wanted, held::contains, _ -> {});
            others.close();
        }
        assertThat(asked).hasSize(4);
    }
}
