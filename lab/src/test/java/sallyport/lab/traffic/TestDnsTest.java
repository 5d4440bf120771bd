package sallyport.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestDnsTest {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int PTR = 12;

    private TestDns dns;

    @BeforeEach
    void start() throws Exception {
        dns = TestDns.start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() throws Exception {
        dns.close();
    }

    @Test
    void answersAddressesAndRepeatsTheLettersAsAsked() throws Exception {
        dns.putFor(300, "www.example", "192.0.2.1", "192.0.2.2", "2001:db8::1");
        byte[] answer = udp(question("wWw.EXample", A));
        assertThat(code(answer)).isZero();
        assertThat(answer[7]).isEqualTo((byte) 2);
        assertThat(Arrays.copyOfRange(answer, 12, 25)).isEqualTo(name("wWw.EXample"));
        // The first record: pointer, type, class, TTL 300, four bytes of address.
        assertThat(Arrays.copyOfRange(answer, 29, 45))
                .isEqualTo(new byte[] {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, (byte) 192, 0, 2, 1});
        assertThat(udp(question("www.example", AAAA))[7]).isEqualTo((byte) 1);
        assertThat(dns.questions()).containsExactly("wWw.EXample", "www.example");
        assertThat(dns.questionsFor("WWW.example")).isEqualTo(2);
    }

    @Test
    void aNameWithoutTheTypeHasNoDataAndAnUnknownOneDoesNotExist() throws Exception {
        dns.put("four.example", "192.0.2.1");
        byte[] noData = udp(question("four.example", AAAA));
        assertThat(code(noData)).isZero();
        assertThat(noData[7]).isZero();
        assertThat(code(udp(question("absent.example", A)))).isEqualTo(TestDns.NXDOMAIN);
    }

    @Test
    void failsWhereToldTo() throws Exception {
        dns.fail("broken.example", TestDns.SERVFAIL);
        assertThat(code(udp(question("broken.example", A)))).isEqualTo(TestDns.SERVFAIL);
    }

    @Test
    void pointsBackFromAddresses() throws Exception {
        dns.pointer("192.0.2.7", "seven.example").pointer("2001:db8::1", "six.example");
        byte[] answer = udp(question("7.2.0.192.in-addr.arpa", PTR));
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).contains("\u0005seven\u0007example\0");
        String nibbles = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assertThat(udp(question(nibbles, PTR))[7]).isEqualTo((byte) 1);
    }

    @Test
    void aLongAnswerIsTruncatedOverUdpAndWholeOverTcp() throws Exception {
        dns.put(
                "many.example",
                IntStream.range(0, 40).mapToObj(i -> "192.0.2." + i).toArray(String[]::new));
        byte[] truncated = udp(question("many.example", A));
        assertThat(truncated[2] & 2).isEqualTo(2);
        assertThat(truncated[7]).isZero();
        byte[] whole = tcp(question("many.example", A));
        assertThat(whole[2] & 2).isZero();
        assertThat(whole[7]).isEqualTo((byte) 40);
    }

    private static int code(byte[] answer) {
        assertThat(Arrays.copyOf(answer, 2)).isEqualTo(new byte[] {0x12, 0x34});
        return answer[3] & 0xF;
    }

    private byte[] udp(byte[] question) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(question, question.length, dns.address()));
            DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private byte[] tcp(byte[] question) throws Exception {
        try (Socket socket =
                new Socket(dns.address().getAddress(), dns.address().getPort())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(question.length);
            out.write(question);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return in.readNBytes(in.readUnsignedShort());
        }
    }

    private static byte[] question(String name, int type) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        out.writeBytes(name(name));
        out.writeBytes(new byte[] {0, (byte) type, 0, 1});
        return out.toByteArray();
    }

    private static byte[] name(String name) {
        var out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }
}
