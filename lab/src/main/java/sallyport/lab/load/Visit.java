package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// One user at work, from the moment he was to begin until he is done, has failed, or has waited too long.
final class Visit {
    private final LoadPlan plan;
    private final StreamOpener opener;
    private final Timeline timeline;
    private final String user;
    private final long begin;
    private final Tally tally;
    private final Runnable over;
    private final List<Dialogue> dialogues = new ArrayList<>();
    private boolean answered;
    private boolean ended;

    /// @param begin when it was to begin, on the timeline
    /// @param over runs once, when it has ended in whatever way
    Visit(LoadPlan plan, StreamOpener opener, Timeline timeline, String user, long begin, Tally tally, Runnable over) {
        this.plan = plan;
        this.opener = opener;
        this.timeline = timeline;
        this.user = user;
        this.begin = begin;
        this.tally = tally;
        this.over = over;
    }

    void start(Profile profile) {
        tally.begin();
        timeline.at(begin + plan.timeout().toNanos(), () -> fail("timeout"));
        switch (profile) {
            case Profile.Bulk bulk -> once(0, bulk.bytes());
            case Profile.Upload upload -> once(upload.bytes(), 1);
            case Profile.Web web -> new Browsing(web).start();
            case Profile.Chat chat -> chat(chat);
            case Profile.Resolve _ -> opener.resolve(user, plan.name(), new Resolving());
        }
    }

    private void once(int up, int down) {
        open((_, _) -> {
                    moved(up + down);
                    done();
                })
                .ask(0, up, down);
    }

    /// A page and then its objects, each stream taking the next one when it has the one before.
    private final class Browsing implements Completed {
        private static final long PAGE = 0;
        private static final long OBJECT = 1;

        private final Profile.Web web;
        private int unasked;
        private int missing;

        Browsing(Profile.Web web) {
            this.web = web;
            this.unasked = web.objects();
            this.missing = web.objects();
        }

        void start() {
            open(this).ask(PAGE, 0, web.pageBytes());
        }

        @Override
        public void exchange(Dialogue dialogue, long tag) {
            if (tag == PAGE) {
                moved(web.pageBytes());
                for (int i = 1; i < web.streams() && unasked > 1; i++) {
                    next(open(this));
                }
            } else {
                moved(web.objectBytes());
                missing--;
            }
            next(dialogue);
        }

        private void next(Dialogue dialogue) {
            if (unasked > 0) {
                unasked--;
                dialogue.ask(OBJECT, 0, web.objectBytes());
            } else if (missing == 0) {
                done();
            }
        }
    }

    private void chat(Profile.Chat chat) {
        int[] left = {chat.lines()};
        Dialogue dialogue = open((_, said) -> {
            tally.wholeAfter(timeline.nanos() - said);
            moved(2L * chat.lineBytes());
            if (--left[0] == 0) {
                // Whoever hears of the last visit's end finds it counted.
                tally.completed();
                end();
            }
        });
        for (int i = 0; i < chat.lines(); i++) {
            long at = begin + i * chat.pause().toNanos();
            timeline.at(at, () -> {
                if (!ended) {
                    dialogue.ask(at, chat.lineBytes(), chat.lineBytes());
                }
            });
        }
    }

    private interface Completed {
        void exchange(Dialogue dialogue, long tag);
    }

    private Dialogue open(Completed completed) {
        Dialogue dialogue = new Dialogue(new Dialogue.Listener() {
            @Override
            public void firstByte() {
                first();
            }

            @Override
            public void complete(Dialogue whose, long tag) {
                completed.exchange(whose, tag);
            }

            @Override
            public void failed(String reason) {
                fail(reason);
            }
        });
        dialogues.add(dialogue);
        opener.open(user, plan.server(), dialogue);
        return dialogue;
    }

    private final class Resolving implements StreamOpener.Receiver {
        @Override
        public void opened(StreamOpener.Stream resolved) {
            resolved.close();
            first();
            done();
        }

        @Override
        public void data(ByteBuf bytes) {}

        @Override
        public void writable() {}

        @Override
        public void ended(String reason) {
            fail(reason);
        }
    }

    private void first() {
        if (!answered && !ended) {
            answered = true;
            tally.firstAfter(timeline.nanos() - begin);
        }
    }

    private void moved(long bytes) {
        tally.moved(bytes);
    }

    private void done() {
        if (!ended) {
            tally.wholeAfter(timeline.nanos() - begin);
            tally.completed();
            end();
        }
    }

    private void fail(String reason) {
        if (!ended) {
            tally.failed(reason);
            end();
        }
    }

    private void end() {
        ended = true;
        dialogues.forEach(Dialogue::close);
        over.run();
    }
}
