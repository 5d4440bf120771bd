package sallyport.supervisor.contact;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One field of CIISS, in the order in which a contact names them. Its key is the constant's name in
/// small letters.
public enum ContactField {
    EMAIL(Form.MAIL, 254, "an address, as \"tor@example.org\""),
    URL(
            "(https?://)?[_%/:a-zA-Z0-9.-]+",
            399, "your own site, as \"https://example.org\": letters, digits and _ % / : . -"),
    PROOF("(uri|dns)-(rsa|familyid-ed25519)", 24, "\"uri-familyid-ed25519\" or \"dns-familyid-ed25519\""),
    CIISSVERSION("[23]", 1, "2 or 3"),
    PGP("[0-9A-Fa-f]{40}", 40, "the 40 hex digits of its fingerprint, without 0x"),
    ABUSE(Form.MAIL, 254, "an address, as \"abuse@example.org\""),
    KEYBASE("[A-Za-z0-9_]+", 49, "a name there, of letters, digits and _"),
    TWITTER("[A-Za-z0-9_]{1,15}", 15, "1 to 15 letters, digits and _, without @"),
    MASTODON("https://[^\\s]+", 253, "the profile's address, as \"https://social.example.org/@name\""),
    MATRIX("@[^\\s:]+:[A-Za-z0-9.:-]+", 253, "a user's id, as \"@name:example.org\""),
    XMPP(Form.MAIL, 253, "an address, as \"name@example.org\""),
    OTR3("[0-9A-Fa-f]{40}", 40, "the 40 hex digits of its fingerprint"),
    HOSTER("[a-zA-Z0-9.-]+\\.[a-zA-Z0-9-]+", 253, "the provider's domain alone, as \"www.example.com\""),
    /// A month, of all relays of the host together; what is published is each relay's part, as with the
    /// next three.
    COST(Form.MONEY, 12, "what the host costs a month, as \"100.00EUR\""),
    UPLINKBW(Form.WHOLE, 6, "the host's uplink in Mbit/s, a whole number"),
    TRAFFICACCT("unmetered|[1-9][0-9]*", 9, "\"unmetered\", or GiB a month of the host, a whole number"),
    MEMORY(Form.WHOLE, 9, "the host's memory in MiB, a whole number"),
    CPU("[^\\s]+", 50, "the processor's name without spaces, of bare metal only"),
    VIRTUALIZATION(
            "kvm|qemu|bochs|xen|vmware|virtualbox|hyper-v|lxc|bhyve|openvz|parallels|vmm|zvm|baremetal",
            14,
            "one of kvm, qemu, bochs, xen, vmware, virtualbox, hyper-v, lxc, bhyve, openvz, parallels, vmm, zvm, baremetal"),
    DONATIONURL("https://[^\\s]+", 253, "an address that begins with https://"),
    BTC("[A-Za-z0-9]+", 99, "letters and digits"),
    ZEC("[A-Za-z0-9]+", 95, "letters and digits"),
    XMR("[A-Za-z0-9]+", 99, "letters and digits"),
    OFFLINEMASTERKEY(Form.YES_OR_NO, 1, "y or n"),
    SIGNINGKEYLIFETIME(Form.WHOLE, 5, "days, a whole number"),
    SANDBOX(Form.YES_OR_NO, 1, "y or n"),
    OS("[A-Za-z0-9/.]+", 20, "ID/VERSION_ID of os-release, as \"debian/13\""),
    TLS("[a-z]+", 14, "the library's name in small letters"),
    AESNI(Form.YES_OR_NO, 1, "y or n"),
    AUTOUPDATE(Form.YES_OR_NO, 1, "y or n"),
    CONFMGMT("[a-z]+", 15, "in small letters: ansible, chef, puppet, salt or manual"),
    DNSLOCATION("(local|sameas|remote)(,(local|sameas|remote))*", 60, "local, sameas, remote, or several with commas"),
    DNSQNAME(Form.YES_OR_NO, 1, "y or n"),
    DNSSEC(Form.YES_OR_NO, 1, "y or n"),
    DNSLOCALROOTZONE(Form.YES_OR_NO, 1, "y or n");

    /// Forms that several fields have.
    private static final class Form {
        static final String MAIL = "[^\\s@\\[\\]]+(@|\\[\\])[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+";
        static final String MONEY = "([0-9]+\\.[0-9]{2})([A-Z]{3})";
        static final String WHOLE = "[1-9][0-9]*";
        static final String YES_OR_NO = "[yn]";

        private Form() {}
    }

    private final Pattern form;
    private final int charsMax;
    private final String rule;

    ContactField(String form, int charsMax, String rule) {
        this.form = Pattern.compile(form);
        this.charsMax = charsMax;
        this.rule = rule;
    }

    /// As it stands before the colon.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What its value has to be, for the person who wrote another.
    public String rule() {
        return rule;
    }

    /// Whether the file says it of the host, and each relay publishes its part.
    public boolean isShared() {
        return switch (this) {
            case COST, UPLINKBW, TRAFFICACCT, MEMORY -> true;
            default -> false;
        };
    }

    /// The value as a relay publishes it, `[]` standing for `@` in addresses; empty when it is not of
    /// this field's form.
    ///
    /// @param relays among which the host's figure is divided
    public Optional<String> published(String value, int relays) {
        Matcher matcher = form.matcher(value);
        if (value.length() > charsMax || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (this) {
                    case EMAIL, ABUSE, XMPP -> value.replace("@", "[]");
                    case COST -> part(new BigDecimal(matcher.group(1)), relays, 2) + matcher.group(2);
                    case UPLINKBW, MEMORY -> whole(value, relays);
                    case TRAFFICACCT -> value.equals("unmetered") ? value : whole(value, relays);
                    default -> value;
                });
    }

    private static String whole(String total, int relays) {
        return part(new BigDecimal(total), relays, 0).max(BigDecimal.ONE).toPlainString();
    }

    private static BigDecimal part(BigDecimal total, int relays, int decimals) {
        return total.divide(BigDecimal.valueOf(relays), decimals, RoundingMode.HALF_UP);
    }
}
