//! Which images are kept, which are used, and what becomes of them.

use super::super::fact::FactName;
use super::super::row::{FactKinds, FactRow};
use super::super::shape::ValueShape::*;
use super::super::shape::*;
use super::super::{deletion, deployed, missing};
use super::shared::PROBLEM;
use crate::model::members;

/// Images.
pub(super) const ROWS: &[FactRow] = &[
    FactRow {
        fact: FactName::Lifecycle,
        name: "lifecycle",
        kinds: FactKinds::SETTINGS,
        about: "Which images are kept.",
        shape: Map(&[
            anything(
                "policy",
                "The policy: a mapping, or a text that is not JSON.",
            ),
            flag(
                "present",
                "Whether there is a policy: one without rules, or an empty \
                 text, counts as none; one that is not known is one.",
            ),
            flag(
                "computed",
                "Whether parameters, conditions or the place of the stack \
                 have a part in it, so that its text alone is not what is \
                 written.",
            ),
            member(
                "rules",
                "The rules as they are written.",
                List("", &Anything),
            ),
            several(
                members::PROBLEMS.name(),
                "What ECR refuses, each at its value.",
                &PROBLEM,
            ),
            map(
                "keeps",
                "There when the policy keeps exactly the newest images, \
                 whatever their tags.",
                &[member("count", "How many.", WholeFrom(1)).always()],
            ),
            text(
                "instead",
                "What the policy does, as a clause such as \"it keeps 20\", \
                 at the value that decides it.",
            ),
            flag(
                "caps_tagged",
                "Whether any rule expires images with tags; not there \
                 without a policy that ECR takes.",
            ),
            listed(
                "uncapped",
                "Images with tags that no rule ever expires: one entry where \
                 that is all of them, else one for each family of tags; not \
                 there without a policy that ECR takes.",
                "A family.",
                &[
                    flag("whole", "Whether it is every image with a tag.").always(),
                    flag("left", "True.").always(),
                    text(
                        "images",
                        "Which images, and why they stay, such as \"images with tags \
                         that none of `main-*`, `pr-*` matches: no rule is about \
                         them\".",
                    )
                    .always(),
                ],
            ),
            several(
                "narrow_lists",
                "Lists of tags with several entries, all of which an image \
                 has to fit.",
                &PROBLEM,
            ),
            listed(
                members::ACTIONS.name(),
                "What each rule can act on; not there without a policy that \
                 ECR takes.",
                "A rule.",
                &[
                    whole("rule", "Its priority.").always(),
                    flag(
                        "dead",
                        "Whether it never acts, however many images there are: rules \
                         before it take every image that it selects, or it counts \
                         images of which there is one at most.",
                    )
                    .always(),
                    text("why", "Why it does not act, if it does not.").always(),
                    whole(
                        "count",
                        "How many images it leaves alone, if it counts images.",
                    ),
                    listed(
                        "shields",
                        "Later rules that would act on images which this rule alone \
                         keeps from them; not there for a rule that goes by age and \
                         acts.",
                        "A later rule.",
                        &[
                            whole("rule", "Its priority.").always(),
                            whole(
                                "kept",
                                "How many images it leaves alone itself; 0 when it goes by \
                                 age.",
                            )
                            .always(),
                        ],
                    ),
                    text(
                        "without",
                        "The text of the policy without the rule, where it may do \
                         nothing; with nothing left, of one that takes untagged \
                         images only.",
                    ),
                    flag("only", "Whether it is the only rule of the policy."),
                    whole("days", "After how many days it acts, if it goes by age."),
                    flag(
                        "keeps_no_minimum",
                        "Whether it expires every image, or every one with a tag, by \
                         age alone: after so many days without a push none is left.",
                    )
                    .always(),
                ],
            ),
            listed(
                members::EXPIRATIONS.name(),
                "Rules that expire images with a protected tag; not there \
                 without a policy that ECR takes, nor where no tag is \
                 protected.",
                "A rule and the first protected tag that does not save an \
                 image from it.",
                &[
                    member(
                        "rule",
                        "The rule's priority; two of them where it is one or the \
                         other.",
                        Either(&["integer", "string"]),
                    )
                    .always(),
                    flag("expires", "Whether it expires such an image.").always(),
                    text("tag", "The protected tag, as it is configured.").always(),
                    text("image", "The tags of an image that expires.").always(),
                    whole(
                        "kept",
                        "How many images the rule leaves alone; 0 when it goes by \
                         age.",
                    )
                    .always(),
                    text(
                        "guarded",
                        "The text of the policy with rules in front that keep what \
                         is protected.",
                    ),
                    place(
                        members::NAMED.name(),
                        "Where a resource of the inputs runs an image with such a \
                         tag, if any does.",
                    ),
                ],
            ),
            listed(
                "deployed",
                "Images that are run and may expire, each with the history \
                 of the fewest images in which it does; not there without a \
                 policy that ECR takes, nor where no image is run.",
                "An image that is run, and a rule that does not leave it \
                 alone.",
                &[
                    whole("rule", "The rule's priority.").always(),
                    flag("expires", "Whether it expires the image.").always(),
                    text(
                        "tag",
                        "The tag that is run; not there where a digest names the \
                         image.",
                    ),
                    text(
                        "digest",
                        "The digest; not there where a tag names the image.",
                    ),
                    text(
                        "image",
                        "The image in words, with all tags that it has when it \
                         expires.",
                    )
                    .always(),
                    text(
                        "history",
                        "What has to happen until it expires, as a clause such as \
                         \"once 10 newer images are there\".",
                    )
                    .always(),
                    whole(
                        "kept",
                        "How many images the rule leaves alone; 0 when it goes by \
                         age.",
                    )
                    .always(),
                    text("by", "Logical id of the resource that runs the image.").always(),
                    text("resource", "Type of that resource.").always(),
                    flag(
                        "protected",
                        "Whether the tag is a protected one, which `expirations` \
                         tells of.",
                    )
                    .always(),
                    text(
                        "guarded",
                        "The text of the policy with rules in front that keep every \
                         tag that is run.",
                    ),
                    place(members::NAMED.name(), "Where the image is named.").always(),
                ],
            ),
            listed(
                "idle",
                "What of the policy does nothing for the images that there \
                 are; not there where these are not known, nor without a \
                 policy that ECR takes.",
                "The policy, or a rule.",
                &[text(members::PROBLEM.name(), "What it does not do.").always()],
            ),
            listed(
                "few_for_index",
                "Rules that count no more images than one push of a \
                 multi-platform image made; not there where the images are \
                 not known, nor without a policy that ECR takes.",
                "A rule that counts, with the push that made most.",
                &[
                    whole("rule", "Its `rulePriority`.").always(),
                    whole("count", "How many images it keeps.").always(),
                    whole(
                        "makes",
                        "How many images the push made that the rule selects: an \
                         index, what it alone lists, and what refers to these. \
                         Whether each of them counts AWS does not say.",
                    )
                    .always(),
                    text("push", "The same in words.").always(),
                ],
            ),
        ]),
        compute: |facts| facts.lifecycle(),
    },
    FactRow {
        fact: FactName::Deployed,
        name: "deployed",
        kinds: FactKinds::REPOSITORIES,
        about: "Images of the repository that resources of the inputs run.",
        shape: Each(
            "An image; not known where it may be one of another \
             repository.",
            &[
                text("tag", "Its tag; not there where a digest names it."),
                text("digest", "Its digest; not there where a tag names it."),
                text("by", "Logical id of the resource that runs it.").always(),
                text("resource", "Type of that resource.").always(),
            ],
        ),
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(deployed::describe(facts.document, repository))
        },
    },
    FactRow {
        fact: FactName::MissingImages,
        name: "missing_images",
        kinds: FactKinds::REPOSITORIES,
        about: "Images that are used and that the live repository does not \
                have, or not for long; not there where nothing is compared \
                with what is live, or no image is used.",
        shape: Each(
            "An image, where it is named.",
            &[
                text(
                    members::PROBLEM.name(),
                    "What is wrong, as a clause that follows its name.",
                ),
                text("image", "The image in words.").always(),
                text("by", "Logical id of the resource that uses it.").always(),
                text("resource", "Type of that resource.").always(),
            ],
        ),
        compute: |facts| {
            let repository = facts.entity.repository()?;
            let held = facts.scope.live.and_then(|live| live.held());
            Some(missing::describe(facts.document, repository, held))
        },
    },
    FactRow {
        fact: FactName::Deletion,
        name: "deletion",
        kinds: FactKinds::REPOSITORIES,
        about: "What becomes of the images with the stack.",
        shape: Map(&[
            flag(
                members::EMPTY_ON_DELETE.name(),
                "Whether the images are deleted with the repository. False \
                 by default.",
            ),
            text(
                "deletion_policy",
                "`Delete` (the default), `Retain` or `RetainExceptOnCreate`.",
            ),
            text(
                "update_replace_policy",
                "`Delete` (the default) or `Retain`.",
            ),
            flag(
                "computed",
                "Whether parameters or conditions have a part in one of the \
                 two.",
            ),
            listed(
                "policies",
                "The two attributes.",
                "An attribute.",
                &[
                    text("attribute", "`DeletionPolicy` or `UpdateReplacePolicy`."),
                    text(
                        "occasion",
                        "When it decides, as a clause that follows \"is deleted\".",
                    ),
                    text("value", "Its value."),
                ],
            ),
            flag(
                "auto_delete",
                "Whether CDK's custom resource deletes the images before the \
                 repository.",
            ),
            text(
                "custom_resource",
                "Logical id of that custom resource, where the template has \
                 it.",
            ),
            flag(
                "tagged",
                "Whether the repository has the tag by which that custom \
                 resource asks.",
            ),
            listed(
                "other_tags",
                "The other tags of its own, where it has that tag and all of \
                 them are known.",
                "A tag as a template writes it.",
                &[text("Key", "Its key."), text("Value", "Its value.")],
            ),
        ]),
        compute: |facts| {
            let repository = facts.entity.repository()?;
            Some(deletion::describe(facts.document, repository))
        },
    },
];
