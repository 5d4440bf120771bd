package sallyport.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Holds the walls between the engine's rooms, as `docs/ARCHITECTURE.md` draws them.
class ArchitectureTest {
    private static final String ROOMS = "sallyport.engine.";
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final JavaClasses ENGINE = new ClassFileImporter().importPath(MODULE.resolve("target/classes"));

    @Test
    void aRoomUsesOnlyTheRoomsOfItsRow() throws IOException {
        AllowedUse table = table();

        assertThat(edgesBeyond(table)).isEmpty();
    }

    /// Proves that the check above can fail: a table that forbids everything must find the engine guilty.
    @Test
    void anEdgeThatTheTableLacksIsFound() {
        String rooms = usedRooms().stream().map(room -> "`" + room + "`").collect(Collectors.joining(", "));
        AllowedUse strict = AllowedUse.parse("| Room | May use |\n|---|---|\n| " + rooms + " | - |\n");

        assertThat(edgesBeyond(strict)).anyMatch(edge -> edge.startsWith("cert -> crypto"));
    }

    @Test
    void theTableHasNoCycleAndARowForEveryRoom() throws IOException {
        AllowedUse table = table();

        assertThat(table.cycle()).isEmpty();
        assertThat(table.usesOf().keySet()).containsAll(usedRooms());
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : ENGINE) {
            JavaPackage its = type.getPackage();
            if (!type.getSimpleName().equals("module-info") && !its.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(its.getName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    /// The engine asks its `World`: otherwise no test could hold the outside in its hands.
    @Test
    void onlyWorldReachesOutside() {
        assertThat(accessesOutside(Set.of("world"), ArchitectureTest::reachesOutside))
                .isEmpty();
        assertThat(accessesOutside(Set.of(), ArchitectureTest::reachesOutside))
                .as("the check sees what world does")
                .isNotEmpty();
    }

    @Test
    void nettyStaysOutOfTheRoomsOfPureValues() {
        Set<String> pure = Set.of("crypto", "cert", "netdoc", "identity");

        assertThat(usersOf("io.netty.")).doesNotContainAnyElementsOf(pure);
    }

    @Test
    void nativeCodeStaysInTheCryptoRooms() {
        assertThat(usersOf("java.lang.foreign.")).isSubsetOf("crypto", "relaycrypto");
    }

    /// A map that leads to a class that was renamed leads nowhere.
    @Test
    void everyClassOfTheSpecMapExists() throws IOException {
        String map = Files.readString(MODULE.resolveSibling("docs/spec-map.md"));
        Set<String> named = Pattern.compile("`([a-z]+\\.[A-Z]\\w*)`")
                .matcher(map)
                .results()
                .map(name -> ROOMS + name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).contains(ROOMS + "cell.Cell").allMatch(ENGINE::contain);
    }

    private static AllowedUse table() throws IOException {
        return AllowedUse.parse(Files.readString(MODULE.resolveSibling("docs/ARCHITECTURE.md")));
    }

    private static Set<String> usedRooms() {
        return ENGINE.stream()
                .filter(type -> type.getPackageName().startsWith(ROOMS))
                .map(type -> room(type.getPackageName()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> edgesBeyond(AllowedUse table) {
        Set<String> edges = new TreeSet<>();
        for (Dependency dependency : dependencies()) {
            String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
            String from = room(dependency.getOriginClass().getPackageName());
            if (to.startsWith(ROOMS) && !table.allows(from, room(to))) {
                edges.add(from + " -> " + room(to) + ": " + dependency.getDescription());
            }
        }
        return edges;
    }

    private static Set<String> usersOf(String packagePrefix) {
        Set<String> users = new TreeSet<>();
        for (Dependency dependency : dependencies()) {
            if (dependency.getTargetClass().getBaseComponentType().getName().startsWith(packagePrefix)) {
                users.add(room(dependency.getOriginClass().getPackageName()));
            }
        }
        return users;
    }

    private static List<Dependency> dependencies() {
        return ENGINE.stream()
                .filter(type -> type.getPackageName().startsWith(ROOMS))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .toList();
    }

    private static Set<String> accessesOutside(Set<String> allowedRooms, Predicate<JavaAccess<?>> what) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : ENGINE) {
            if (!allowedRooms.contains(room(type.getPackageName()))) {
                type.getAccessesFromSelf().stream().filter(what).forEach(access -> found.add(access.getDescription()));
            }
        }
        return found;
    }

    /// `link` for `sallyport.engine.link` and all below it.
    private static String room(String packageName) {
        return packageName.startsWith(ROOMS)
                ? packageName.substring(ROOMS.length()).split("\\.", 2)[0]
                : packageName;
    }

    private static boolean reachesOutside(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return switch (access.getTargetOwner().getName()) {
            case "java.lang.System" ->
                Set.of("nanoTime", "currentTimeMillis", "exit", "getenv").contains(name);
            case "java.lang.Runtime" ->
                Set.of("exec", "exit", "halt", "addShutdownHook").contains(name);
            case "java.time.Instant",
                    "java.time.LocalDate",
                    "java.time.LocalDateTime",
                    "java.time.OffsetDateTime",
                    "java.time.ZonedDateTime" -> name.equals("now");
            case "java.time.Clock", "java.time.InstantSource" -> name.startsWith("system") || name.startsWith("tick");
            case "java.util.Date" -> name.equals("<init>") && takesNothing(access);
            case "java.lang.Math" -> name.equals("random");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.net.InetAddress", "java.net.Inet4Address", "java.net.Inet6Address" ->
                Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName")
                        .contains(name);
            case "java.net.InetSocketAddress" ->
                // Both resolve: one forward, the other backward. `getHostString` does not.
                name.equals("getHostName") || (name.equals("<init>") && takesFirst(access, String.class.getName()));
            default -> OUTSIDE.contains(access.getTargetOwner().getName());
        };
    }

    /// Nothing of these may be called or constructed.
    private static final Set<String> OUTSIDE = Set.of(
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.security.SecureRandom",
            "java.util.concurrent.ThreadLocalRandom",
            "java.lang.Thread",
            "java.lang.Thread$Builder",
            "java.lang.ProcessBuilder",
            "java.util.Timer",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "java.nio.file.Files",
            "java.nio.channels.FileChannel",
            "java.io.File",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.FileReader",
            "java.io.FileWriter",
            "java.io.RandomAccessFile",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "java.nio.channels.SocketChannel",
            "java.nio.channels.ServerSocketChannel",
            "java.nio.channels.DatagramChannel");

    private static boolean takesNothing(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().isEmpty();
    }

    private static boolean takesFirst(JavaAccess<?> access, String type) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && !target.getRawParameterTypes().isEmpty()
                && target.getRawParameterTypes().getFirst().getName().equals(type);
    }
}
