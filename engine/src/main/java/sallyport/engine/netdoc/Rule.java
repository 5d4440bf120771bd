package sallyport.engine.netdoc;

/// What a document's syntax says of one keyword: how often it stands, with how many arguments, with which
/// object.
public record Rule(String keyword, int countMin, int countMax, int argumentsMin, ObjectRule object, Place place) {
    /// Which object an item has.
    public enum ObjectRule {
        FORBIDDEN,
        NEEDED,
        /// An object of type "RSA PUBLIC KEY".
        KEY_NEEDED,
        /// Nothing, or an object of type "RSA PUBLIC KEY".
        KEY_ALLOWED
    }

    /// Where in its section an item stands.
    public enum Place {
        ANY,
        FIRST,
        LAST
    }

    public static Rule once(String keyword, int argumentsMin) {
        return new Rule(keyword, 1, 1, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    public static Rule atMostOnce(String keyword, int argumentsMin) {
        return new Rule(keyword, 0, 1, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    public static Rule atLeastOnce(String keyword, int argumentsMin) {
        return new Rule(keyword, 1, Integer.MAX_VALUE, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    public static Rule any(String keyword, int argumentsMin) {
        return new Rule(keyword, 0, Integer.MAX_VALUE, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    public Rule with(ObjectRule objectRule) {
        return new Rule(keyword, countMin, countMax, argumentsMin, objectRule, place);
    }

    public Rule at(Place where) {
        return new Rule(keyword, countMin, countMax, argumentsMin, object, where);
    }
}
