package sallyport.engine.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Entropy;

/// Reading a server's answer. As C tor, only the first record of the type asked for is used, wherever an
/// alias leads.
final class DnsReplies {
    /// What to make of an answer to a question for that type.
    interface Reader {
        DnsAnswer read(DnsResponse response, DnsRecordType type, Entropy entropy);
    }

    private static final int HOST_MAX = 255;

    private DnsReplies() {}

    /// Whether it answers this very question, letter by letter in the case that was sent (0x20).
    static boolean answers(DnsResponse response, DnsQuestion question) {
        if (response.count(DnsSection.QUESTION) != 1) {
            return false;
        }
        DnsRecord asked = response.recordAt(DnsSection.QUESTION);
        return asked.type().equals(question.type())
                && asked.dnsClass() == question.dnsClass()
                && asked.name().equals(question.name());
    }

    /// Another server might know better: this one failed or refused.
    static boolean isServersFault(DnsResponse response) {
        DnsResponseCode code = response.code();
        return code.equals(DnsResponseCode.SERVFAIL)
                || code.equals(DnsResponseCode.NOTIMP)
                || code.equals(DnsResponseCode.REFUSED);
    }

    static DnsAnswer read(DnsResponse response, DnsRecordType type, Entropy entropy) {
        if (!response.code().equals(DnsResponseCode.NOERROR)) {
            return new DnsAnswer.Failure(DnsFault.of(response), DnsTtl.clipAndFuzz(0, entropy));
        }
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(type)) {
                DnsAnswer answer = read(record, entropy);
                if (answer != null) {
                    return answer;
                }
            }
        }
        return new DnsAnswer.Failure(DnsFault.NO_DATA, DnsTtl.clipAndFuzz(0, entropy));
    }

    /// Every address of that type in the answer.
    static List<byte[]> addresses(DnsResponse response, DnsRecordType type) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            byte[] ip = record.type().equals(type) ? address(record) : null;
            if (ip != null) {
                all.add(ip);
            }
        }
        return all;
    }

    private static @Nullable DnsAnswer read(DnsRecord record, Entropy entropy) {
        if (record instanceof DnsPtrRecord pointer) {
            String host = withoutFinalDot(pointer.hostname());
            return isPrintable(host) ? new DnsAnswer.Name(host, ttl(record, entropy)) : null;
        }
        byte[] ip = address(record);
        return ip == null ? null : new DnsAnswer.Address(ip, ttl(record, entropy));
    }

    private static byte @Nullable [] address(DnsRecord record) {
        int length = record.type().equals(DnsRecordType.A) ? 4 : 16;
        if (record instanceof DnsRawRecord raw && raw.content().readableBytes() == length) {
            ByteBuf content = raw.content();
            byte[] ip = new byte[length];
            content.getBytes(content.readerIndex(), ip);
            return ip;
        }
        return null;
    }

    private static int ttl(DnsRecord record, Entropy entropy) {
        return DnsTtl.clipAndFuzz(record.timeToLive(), entropy);
    }

    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static boolean isPrintable(String host) {
        return !host.isEmpty() && host.length() <= HOST_MAX && host.chars().allMatch(c -> c > 32 && c < 127);
    }
}
